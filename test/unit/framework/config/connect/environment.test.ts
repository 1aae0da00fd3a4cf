import assert from 'node:assert/strict'
import { test } from 'node:test'
import { environmentName, propertiesOfEnvironment } from '../../../../../framework/config/connect/environment.ts'

test('CONNECT_ variables are properties: _ is a dot, __ an underscore, ___ a dash; others are nobody’s', () => {
  const env = {
    CONNECT_BOOTSTRAP_SERVERS: 'b:9092',
    CONNECT_VALUE_CONVERTER_SCHEMAS_ENABLE: 'false',
    CONNECT_PRODUCER_MY__KEY___X: '1',
    CONNECT_: 'nothing',
    PATH: '/bin',
    CONNECT_EMPTY: '',
  }
  assert.deepEqual(propertiesOfEnvironment(env), {
    'bootstrap.servers': 'b:9092',
    'value.converter.schemas.enable': 'false',
    'producer.my_key-x': '1',
    empty: '',
  })
})

test('a property has the name there by which it is read', () => {
  for (const key of ['bootstrap.servers', 'producer.my_key-x', 'offset.flush.interval.ms']) {
    assert.deepEqual(propertiesOfEnvironment({ [environmentName(key)]: 'v' }), { [key]: 'v' })
  }
})
