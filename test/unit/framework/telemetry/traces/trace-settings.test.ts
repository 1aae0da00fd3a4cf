import assert from 'node:assert/strict'
import { test } from 'node:test'
import { samplerRatio, traceSettings } from '../../../../../framework/telemetry/index.ts'

const config = { 'isthmus.trace.ratio': 0.01, 'isthmus.trace.slow.ms': 500, 'isthmus.trace.links': true }

test('the configuration counts where the environment says nothing', () => {
  assert.deepEqual(traceSettings(config, {}), { ratio: 0.01, slowMs: 500, links: true })
})

for (const [sampler, arg, ratio] of [
  ['always_on', undefined, 1],
  ['always_off', undefined, 0],
  ['parentbased_always_on', undefined, 1],
  ['traceidratio', '0.25', 0.25],
  ['parentbased_traceidratio', '0.5', 0.5],
  ['traceidratio', undefined, 1],
  ['traceidratio', 'nonsense', 1],
  ['traceidratio', '7', 1],
] as const) {
  test(`OTEL_TRACES_SAMPLER = ${sampler}${arg === undefined ? '' : ` of ${arg}`} wins: ${ratio}`, () => {
    const environment = { OTEL_TRACES_SAMPLER: sampler, ...(arg !== undefined && { OTEL_TRACES_SAMPLER_ARG: arg }) }
    assert.equal(traceSettings(config, environment).ratio, ratio)
  })
}

test('a sampler that is not known says nothing', () => {
  assert.equal(samplerRatio({ OTEL_TRACES_SAMPLER: 'jaeger_remote' }), undefined)
})
