import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Findings } from '../../../../framework/config/findings.ts'
import { checkOverrides } from '../../../../framework/herder/override-policy.ts'

const CONNECTOR = {
  'producer.override.linger.ms': '5',
  'consumer.override.security.protocol': 'SSL',
  'admin.override.retries': '1',
  topics: 'a',
}

const refused = (policy: string): string[] => {
  const findings = new Findings()
  const isAllowed = checkOverrides(policy, CONNECTOR, findings)
  assert.equal(isAllowed, findings.problems.length === 0)
  return findings.problems.map(({ key }) => key)
}

test('All allows every client setting, None allows none, Principal those that say who one is', () => {
  assert.deepEqual(refused('All'), [])
  assert.deepEqual(refused('None'), [
    'producer.override.linger.ms',
    'consumer.override.security.protocol',
    'admin.override.retries',
  ])
  assert.deepEqual(refused('Principal'), ['producer.override.linger.ms', 'admin.override.retries'])
})
