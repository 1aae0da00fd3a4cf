import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { AvroConverter, schema as s } from '../../framework/index.ts'
import { serverCertificate } from '../kafka-tool/index.ts'
import { TestSchemaRegistry } from '../schema-registry.ts'

test('a registry with TLS is asked when its certificate is trusted, by file or by text, and not otherwise', async () => {
  const { server, caPath } = await serverCertificate()
  const registry = await TestSchemaRegistry.start({ tls: server })
  const ask = async (config: Readonly<Record<string, string>>) => {
    const converter = new AvroConverter()
    converter.configure({ 'schema.registry.url': registry.url, 'converter.type': 'value', ...config })
    return converter.fromConnect('t', s.string(), 'x')
  }
  try {
    const pem = readFileSync(caPath, 'utf8')
    assert.ok(await ask({ 'schema.registry.ssl.truststore.location': caPath }))
    assert.ok(await ask({ 'schema.registry.ssl.truststore.certificates': pem }))
    await assert.rejects(ask({}), { code: 'REGISTRY_UNAVAILABLE', kind: 'retriable', message: /self-signed certificate/ })
    assert.equal(registry.requests.length, 2)
  } finally {
    await registry.stop()
  }
})
