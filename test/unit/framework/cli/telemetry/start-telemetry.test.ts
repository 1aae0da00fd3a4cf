import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportsTraces } from '../../../../../framework/cli/telemetry/start-telemetry.ts'

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
