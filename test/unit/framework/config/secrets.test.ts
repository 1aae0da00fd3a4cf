import assert from 'node:assert/strict'
import { test } from 'node:test'
import { masked } from '../../../../framework/config/secrets.ts'

test('secrets are hidden under any prefix, variables and the rest are not', () => {
  for (const key of [
    'ssl.key.password',
    'A.ssl.truststore.password',
    'A.producer.sasl.jaas.config',
    'B.ssl.keystore.key',
    'my.client.secret',
  ]) {
    assert.equal(masked(key, 'x'), '[hidden]', key)
  }
  assert.equal(masked('ssl.key.password', `\${env:PW}`), `\${env:PW}`)
  assert.equal(masked('topics', 'a'), 'a')
})
