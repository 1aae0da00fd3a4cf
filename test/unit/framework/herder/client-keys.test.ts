import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Findings } from '../../../../framework/config/findings.ts'
import { warnOfClientKeys } from '../../../../framework/herder/client-keys.ts'
import { sinkKeys, sourceKeys } from '../../../../framework/index.ts'

function warningsOf(kind: 'producer' | 'consumer', properties: Record<string, string>): string[] {
  const findings = new Findings()
  warnOfClientKeys(kind, `${kind}.override.`, properties, findings)
  return findings.warnings.map(({ key, message }) => `${key}: ${message}`)
}

test('settings that change nothing say what holds instead, unknown ones the nearest known, others nothing', () => {
  assert.deepEqual(
    warningsOf('producer', {
      'producer.override.batch.size': '1',
      'producer.override.lingr.ms': '1',
      'producer.override.acks': 'all',
      'producer.override.sasl.mechanism': 'PLAIN',
      'producer.override.compression.type': 'lz4',
      'consumer.override.fetch.min.bytes': '1',
    }),
    [
      'producer.override.batch.size: has no effect here: records are sent as they come, and joined with those that wait; remove it',
      'producer.override.lingr.ms: is not a known producer setting and is ignored; did you mean linger.ms?',
    ],
  )
})

test('whatever the runtime understands of a client is known', () => {
  for (const [kind, keys] of [
    ['consumer', sinkKeys],
    ['producer', sourceKeys],
  ] as const) {
    const overrides = Object.keys(keys).filter(key => key.startsWith(`${kind}.override.`))
    assert.ok(overrides.length > 0)
    assert.deepEqual(warningsOf(kind, Object.fromEntries(overrides.map(key => [key, '1']))), [])
  }
})
