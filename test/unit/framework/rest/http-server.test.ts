import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError } from '../../../../framework/api/index.ts'
import { parseListenAddress } from '../../../../framework/config/listen-address.ts'
import { observeRoutes, type Route, startHttpServer } from '../../../../framework/rest/index.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'

const address = { host: '127.0.0.1', port: 0 }
const key = 'isthmus.http.listen'

test('addresses', () => {
  assert.deepEqual(parseListenAddress('127.0.0.1:8083'), { host: '127.0.0.1', port: 8083 })
  assert.deepEqual(parseListenAddress(' [::1]:0 '), { host: '::1', port: 0 })
  assert.deepEqual(parseListenAddress(':80'), { host: '0.0.0.0', port: 80 })
  for (const text of ['8083', 'localhost', 'localhost:', 'a:70000', '::1:80', 'http://a:1', '']) {
    assert.equal(parseListenAddress(text), undefined, text)
  }
})

test('health is answered with 503 when DOWN, and with its reasons always', async () => {
  let state: 'UP' | 'DEGRADED' | 'DOWN' = 'DEGRADED'
  const routes = observeRoutes({ metrics: [], health: () => ({ state, reasons: ['so it is'] }) })
  const server = await startHttpServer({ address, key, routes, logger: new MemoryLogger() })
  const degraded = await fetch(`${server.url}/health`)
  assert.deepEqual([degraded.status, await degraded.json()], [200, { status: 'DEGRADED', reasons: ['so it is'] }])
  state = 'DOWN'
  assert.equal((await fetch(`${server.url}/health`)).status, 503)
  await server.close()
})

test('a port that is taken is a mistake of the configuration; what throws is answered with 500 and logged', async () => {
  const logger = new MemoryLogger()
  const bad = () => {
    throw new Error('broken')
  }
  const routes: Route[] = [{ method: 'GET', path: '/bad', handle: bad }]
  const server = await startHttpServer({ address, key, routes, logger })
  assert.equal((await fetch(`${server.url}/bad`)).status, 500)
  assert.deepEqual(
    logger.lines.map(({ level, message }) => [level, message]),
    [['error', '/bad could not be answered']],
  )
  const { port } = new URL(server.url)
  const again = startHttpServer({ address: { ...address, port: Number(port) }, key, routes, logger })
  await assert.rejects(again, (error: unknown) => error instanceof ConfigError && /listens there already/.test(error.message))
  await server.close()
})

test('a large answer is compressed for those who ask for it', async () => {
  const body = 'a line of metrics\n'.repeat(1000)
  const routes: Route[] = [{ method: 'GET', path: '/large', handle: () => ({ contentType: 'text/plain', body }) }]
  const server = await startHttpServer({ address, key, routes, logger: new MemoryLogger() })
  const packed = await fetch(`${server.url}/large`, { headers: { 'accept-encoding': 'gzip' } })
  assert.equal(packed.headers.get('content-encoding'), 'gzip')
  assert.equal(await packed.text(), body)
  const plain = await fetch(`${server.url}/large`, { headers: { 'accept-encoding': 'identity' } })
  assert.equal(plain.headers.get('content-encoding'), null)
  await server.close()
})
