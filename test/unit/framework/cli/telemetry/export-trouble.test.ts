import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ExportTrouble } from '../../../../../framework/cli/telemetry/export-trouble.ts'
import { PatientExporter } from '../../../../../framework/cli/telemetry/patient-exporter.ts'
import { exportsTraces } from '../../../../../framework/cli/telemetry/start-telemetry.ts'
import { MemoryLogger } from '../../../../../framework/testing/index.ts'

test('a collector that takes nothing: one warning however often it fails, an info when it is over, and never an error for the SDK', () => {
  const logger = new MemoryLogger()
  let isDown = true
  const collector = {
    export: (_: unknown, done: (result: { code: 0 | 1; error?: Error }) => void) =>
      done(isDown ? { code: 1, error: new Error('ECONNREFUSED') } : { code: 0 }),
    shutdown: async () => undefined,
  }
  const exporter = new PatientExporter(collector, new ExportTrouble('http://127.0.0.1:4318', logger))
  const codes: number[] = []
  for (let i = 0; i < 100; i++) exporter.export([], ({ code }) => codes.push(code))
  assert.deepEqual([...new Set(codes)], [0])
  assert.deepEqual(
    logger.lines.map(({ level, message }) => [level, message]),
    [['warn', 'traces cannot be sent to http://127.0.0.1:4318: ECONNREFUSED']],
  )
  isDown = false
  for (let i = 0; i < 3; i++) exporter.export([], () => undefined)
  assert.deepEqual(
    logger.lines.map(({ level }) => level),
    ['warn', 'info'],
  )
})

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }

for (const [what, environment, expected] of [
  ['nothing is set', {}, false],
  ['an endpoint is named', endpoint, true],
  ['one for traces alone', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' }, true],
  ['it is empty', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, false],
  ['the SDK is disabled', { ...endpoint, OTEL_SDK_DISABLED: 'TRUE' }, false],
  ['there are to be no traces', { ...endpoint, OTEL_TRACES_EXPORTER: 'none' }, false],
  ['nothing is to be sampled', { ...endpoint, OTEL_TRACES_SAMPLER: 'always_off' }, false],
  ['only slow and failed ones', { ...endpoint, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }, true],
] as const) {
  test(`${what}: traces ${expected ? 'are' : 'are not'} sent`, () => {
    assert.equal(exportsTraces(environment), expected)
  })
}
