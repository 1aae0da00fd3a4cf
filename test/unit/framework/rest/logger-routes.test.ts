import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { type Answer, loggerRoutes, type Route } from '../../../../framework/rest/index.ts'
import { LogLevels } from '../../../../framework/telemetry/index.ts'

let levels: LogLevels
let announced: string[]
let warned: string[]
let routes: readonly Route[]

beforeEach(() => {
  levels = new LogLevels('info')
  announced = []
  warned = []
  routes = loggerRoutes({
    levels,
    announce: (_, message) => announced.push(message),
    warn: (_, message) => warned.push(message),
  })
})

async function ask(method: 'GET' | 'PUT', name: string, body?: unknown, query = '') {
  const path = name === '' ? '/admin/loggers' : '/admin/loggers/*'
  const route = routes.find(one => one.method === method && one.path === path)!
  const request = { path: `/admin/loggers/${name}`, rest: name, query: new URLSearchParams(query), body }
  const { status = 200, body: text } = (await route.handle(request)) as Answer
  return { status, json: JSON.parse(String(text)) }
}

test('all: those that were set, root always; with a slash behind as well, as Strimzi asks', async () => {
  levels.begin([['isthmus.kafka', 'warn']])
  const expected = { 'isthmus.kafka': { level: 'WARN', last_modified: null }, root: { level: 'INFO', last_modified: null } }
  assert.deepEqual(await ask('GET', ''), { status: 200, json: expected })
  assert.ok(routes.some(({ method, path }) => method === 'GET' && path === '/admin/loggers/'))
})

test('one: what counts for it, whoever set it', async () => {
  assert.deepEqual(await ask('GET', 'isthmus.mirror.source'), { status: 200, json: { level: 'INFO', last_modified: null } })
  levels.change('isthmus.mirror', 'debug', 1_000)
  assert.deepEqual((await ask('GET', 'isthmus.mirror.source')).json, { level: 'DEBUG', last_modified: 1_000 })
})

test('a change is answered with whose level it is now, and said', async () => {
  const { status, json } = await ask('PUT', 'isthmus.runtime', { level: 'debug' })
  assert.deepEqual([status, json], [200, ['isthmus.runtime', 'isthmus.runtime.task']])
  assert.deepEqual(announced, ['The level of isthmus.runtime is DEBUG from now on'])
  const { level, last_modified: at } = (await ask('GET', '')).json['isthmus.runtime.task']
  assert.equal(level, 'DEBUG')
  assert.ok(Math.abs(at - Date.now()) < 10_000)
  assert.deepEqual((await ask('PUT', 'root', { level: 'OFF' })).json, ['root'])
  assert.equal(levels.level('isthmus.kafka').level, 'silent')
  assert.deepEqual((await ask('PUT', 'isthmus.kafka.kafkajs', { level: 'FATAL' })).json, ['isthmus.kafka.kafkajs'])
  assert.equal(levels.level('isthmus.kafka.kafkajs').level, 'error')
})

test("Java's names are taken, and what they stand for is said", async () => {
  const { json } = await ask('PUT', 'org.apache.kafka.connect.mirror', { level: 'TRACE' })
  assert.ok(json.includes('isthmus.mirror.source') && !json.includes('isthmus.kafka'))
  assert.match(
    announced[0] ?? '',
    /^The level of isthmus\.mirror, which org\.apache\.kafka\.connect\.mirror stands for, is TRACE/,
  )
})

test('a connector may be named before it is there', async () => {
  assert.equal((await ask('GET', 'connector.orders')).status, 404)
  assert.deepEqual((await ask('PUT', 'connector.orders', { level: 'DEBUG' })).json, ['connector.orders'])
  assert.equal((await ask('GET', 'connector.orders')).json.level, 'DEBUG')
})

test("what cannot be done is refused in Kafka Connect's words and codes, and changes nothing", async () => {
  const before = levels.own()
  for (const body of [undefined, null, {}, { level: null }, [], 'DEBUG']) {
    const message = "Desired 'level' parameter was not specified in request."
    assert.deepEqual(await ask('PUT', 'root', body), { status: 400, json: { error_code: 400, message } })
  }
  const loud = { error_code: 404, message: "invalid log level 'loud'." }
  assert.deepEqual(await ask('PUT', 'root', { level: 'loud' }), { status: 404, json: loud })
  for (const method of ['GET', 'PUT'] as const) {
    const { status, json } = await ask(method, 'isthmus.miror', { level: 'DEBUG' })
    assert.equal(status, 404)
    assert.match(json.message, /^Logger isthmus\.miror not found\. There are: connector, isthmus, .*isthmus\.mirror\.source/)
  }
  assert.deepEqual([levels.own(), announced], [before, []])
})

test('a scope beyond this process is answered as this process, with a warning', async () => {
  assert.deepEqual(await ask('PUT', 'root', { level: 'WARN' }, 'scope=cluster'), { status: 200, json: ['root'] })
  assert.deepEqual(warned, ["Levels are set in this process alone, not in the scope 'cluster'"])
  await ask('PUT', 'root', { level: 'WARN' }, 'scope=worker')
  assert.equal(warned.length, 1)
})
