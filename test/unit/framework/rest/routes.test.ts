import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { type HttpServer, jsonAnswer, type Route, startHttpServer } from '../../../../framework/rest/index.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'

const echo =
  (name: string): Route['handle'] =>
  ({ path, rest, query, body }) =>
    jsonAnswer({ name, path, rest, query: Object.fromEntries(query), body })

const routes: readonly Route[] = [
  { method: 'GET', path: '/', handle: echo('root') },
  { method: 'GET', path: '/assets/*', handle: echo('asset') },
  { method: 'GET', path: '/assets/special', handle: echo('special') },
  { method: 'GET', path: '/things', handle: echo('list') },
  { method: 'PUT', path: '/things/*', handle: echo('set') },
]

let server: HttpServer

before(async () => {
  const address = { host: '127.0.0.1', port: 0 }
  server = await startHttpServer({ address, key: 'isthmus.http.listen', routes, logger: new MemoryLogger() })
})

after(() => server.close())

const json = { 'content-type': 'application/json' }

test('a request goes to the route of its path: the exact one before one with *', async () => {
  const get = async (path: string) => (await fetch(server.url + path)).json()
  assert.deepEqual(await get('/?a=1'), { name: 'root', path: '/', rest: '', query: { a: '1' } })
  assert.deepEqual(await get('/assets/css/a%20b'), { name: 'asset', path: '/assets/css/a b', rest: 'css/a b', query: {} })
  assert.deepEqual(await get('/assets/special'), { name: 'special', path: '/assets/special', rest: '', query: {} })
})

test('what is not there is answered with what is', async () => {
  const answer = await fetch(`${server.url}/nothing`)
  assert.equal(answer.status, 404)
  assert.equal(await answer.text(), 'There are: /, /assets/*, /assets/special, /things, PUT /things/*\n')
})

test('another method is answered with those there are', async () => {
  const answer = await fetch(`${server.url}/things`, { method: 'DELETE' })
  assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'GET, HEAD'])
  const get = await fetch(`${server.url}/things/a`)
  assert.deepEqual([get.status, get.headers.get('allow')], [405, 'PUT'])
})

test('HEAD is GET without the body', async () => {
  const answer = await fetch(`${server.url}/things`, { method: 'HEAD' })
  assert.deepEqual([answer.status, await answer.text()], [200, ''])
  assert.ok(Number(answer.headers.get('content-length')) > 10)
})

test('a PUT has JSON of at most 64 KiB', async () => {
  const put = (init: RequestInit) => fetch(`${server.url}/things/a`, { method: 'PUT', ...init })
  const fine = await put({ headers: json, body: '{"level":"DEBUG"}' })
  assert.deepEqual(await fine.json(), { name: 'set', path: '/things/a', rest: 'a', query: {}, body: { level: 'DEBUG' } })
  assert.equal((await put({ headers: json, body: '{"level":' })).status, 400)
  assert.equal((await put({ headers: { 'content-type': 'text/plain' }, body: '{}' })).status, 415)
  assert.equal((await put({ headers: json, body: JSON.stringify('x'.repeat(64 * 1024)) })).status, 413)
})

test('pages of other sites can neither read nor change anything', async () => {
  const own = new URL(server.url).host
  assert.equal(await statusOf('GET', { host: own }), 200)
  assert.equal(await statusOf('GET', { host: 'localhost:1' }), 200)
  assert.equal(await statusOf('GET', { host: 'evil.example' }), 403)
  assert.equal(await statusOf('PUT', { host: own, origin: `http://${own}`, ...json }), 200)
  assert.equal(await statusOf('PUT', { host: own, origin: 'http://evil.example', ...json }), 403)
  assert.equal(await statusOf('PUT', { host: own, origin: 'null', ...json }), 403)
})

test('a path that is none is refused, not an error', async () => {
  assert.equal(await statusOf('GET', { host: 'localhost' }, '/assets/%zz'), 400)
})

/** `fetch` sets the Host by itself. */
function statusOf(method: 'GET' | 'PUT', headers: Record<string, string>, path = method === 'GET' ? '/things' : '/things/a') {
  return new Promise<number | undefined>((resolve, reject) => {
    const { hostname, port } = new URL(server.url)
    const sent = request({ hostname, port, path, method, headers }, response => {
      response.resume().once('end', () => resolve(response.statusCode))
    })
    sent.once('error', reject)
    sent.end(method === 'PUT' ? '{}' : undefined)
  })
}
