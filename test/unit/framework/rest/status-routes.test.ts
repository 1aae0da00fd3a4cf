import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import type { StatusReport } from '../../../../framework/api/index.ts'
import { type HttpServer, type StatusRoutes, startHttpServer, statusRoutes } from '../../../../framework/rest/index.ts'
import { StatusRecorder } from '../../../../framework/rest/status-recorder.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'

let made = 0
let server: HttpServer
let routes: StatusRoutes

function report(atMs: number, more: Partial<StatusReport> = {}): StatusReport {
  const health = { state: 'UP', reasons: [] } as const
  return { program: 'isthmus/test', startedMs: 0, atMs, health, clusters: [], flows: [], connectors: [], events: [], ...more }
}

before(async () => {
  const logger = new MemoryLogger()
  routes = statusRoutes({ status: () => report(++made) }, logger)
  const address = { host: '127.0.0.1', port: 0 }
  server = await startHttpServer({ address, key: 'isthmus.http.listen', routes: routes.routes, logger })
})

after(async () => {
  routes.close()
  await server.close()
})

/** The data of the next events of a stream. */
async function eventsOf(response: Response, count: number, reader = response.body!.getReader()): Promise<StatusReport[]> {
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const events = text.split('\n\n').filter(event => event.startsWith('event: status\ndata: '))
    if (events.length >= count && text.endsWith('\n\n')) {
      await reader.cancel()
      return events.map(event => JSON.parse(event.slice('event: status\ndata: '.length)) as StatusReport)
    }
    const { value, done } = await reader.read()
    assert.ok(!done, `the stream ended after ${events.length} events`)
    text += decoder.decode(value, { stream: true })
  }
}

test('/status is the report at that moment', async () => {
  const answer = await fetch(`${server.url}/status`)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
  const { program, atMs } = (await answer.json()) as StatusReport
  assert.deepEqual([program, atMs], ['isthmus/test', made])
})

test('a stream has a report at once and one a second, the same one for all who listen', async () => {
  const [a, b] = await Promise.all([fetch(`${server.url}/status/stream`), fetch(`${server.url}/status/stream`)])
  assert.equal(a.headers.get('content-type'), 'text/event-stream')
  const startedAt = performance.now()
  const begun = made
  const [ofA, ofB] = await Promise.all([eventsOf(a, 3), eventsOf(b, 3)])
  assert.deepEqual(ofA, ofB)
  assert.deepEqual(
    ofA.map(({ atMs }) => atMs),
    [begun, begun + 1, begun + 2],
  )
  assert.ok(performance.now() - startedAt < 4_000)
})

test('nothing is made while nobody listens, and fifty may', async () => {
  const all = await Promise.all(Array.from({ length: 50 }, () => fetch(`${server.url}/status/stream`)))
  const refused = await fetch(`${server.url}/status/stream`)
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '10'])
  await Promise.all(all.map(response => response.body!.cancel()))
  while ((await fetch(`${server.url}/status/stream`, { method: 'HEAD' })).status === 503);
  const again = await fetch(`${server.url}/status/stream`)
  assert.equal((await eventsOf(again, 1)).length, 1)
})

test('HEAD of the stream ends at once', async () => {
  const head = await fetch(`${server.url}/status/stream`, { method: 'HEAD' })
  assert.deepEqual([head.status, await head.text()], [200, ''])
})

test('streams end when the routes are closed', async () => {
  const logger = new MemoryLogger()
  const own = statusRoutes({ status: () => report(1) }, logger)
  const address = { host: '127.0.0.1', port: 0 }
  const other = await startHttpServer({ address, key: 'isthmus.http.listen', routes: own.routes, logger })
  const socket: Socket = connect(Number(new URL(other.url).port), '127.0.0.1')
  socket.write('GET /status/stream HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(socket, 'data')
  const closed = once(socket, 'close')
  own.close()
  await closed
  await other.close()
})

test('the history has a sample of each flow, an hour of them at most, and what is not known is null', () => {
  const recorder = new StatusRecorder({ status: () => report(0), logger: new MemoryLogger() })
  const flow = { name: 'A->B', recordsPerSecond: 5, hopLatency: { p50Ms: 1, p99Ms: 9 } }
  for (let i = 1; i <= 1_000; i++) {
    const lag = i === 1_000 ? {} : { lagRecords: i }
    recorder.add(report(i * 5_000, { flows: [{ ...flow, ...lag }] as unknown as StatusReport['flows'] }))
  }
  const { everyMs, series } = recorder.history()
  assert.equal(everyMs, 5_000)
  const [{ name, atMs, lagRecords, recordsPerSecond, hopP50Ms, hopP99Ms } = series[0]!] = series
  assert.equal(name, 'A->B')
  for (const list of [atMs, lagRecords, recordsPerSecond, hopP50Ms, hopP99Ms]) assert.equal(list.length, 720)
  assert.deepEqual([atMs.at(0), atMs.at(-1), lagRecords.at(-2), lagRecords.at(-1)], [281 * 5_000, 5_000_000, 999, null])
  assert.deepEqual([recordsPerSecond.at(-1), hopP50Ms.at(-1), hopP99Ms.at(-1)], [5, 1, 9])
})

test('without flows the history is of connectors, their rates made of their counts; one that is gone is forgotten after an hour', () => {
  const recorder = new StatusRecorder({ status: () => report(0), logger: new MemoryLogger() })
  const at = (atMs: number, records: Readonly<Record<string, number>>) =>
    recorder.add(
      report(atMs, {
        connectors: Object.entries(records).map(([name, count]) => ({
          name,
          records: count,
        })) as unknown as StatusReport['connectors'],
      }),
    )
  at(5_000, { lines: 10, gone: 1 })
  at(10_000, { lines: 60 })
  const rates = recorder.history().series.map(({ name, recordsPerSecond }) => [name, recordsPerSecond])
  assert.deepEqual(rates, [
    ['lines', [null, 10]],
    ['gone', [null]],
  ])
  at(5_000 + 3_600_001, { lines: 60 })
  assert.deepEqual(
    recorder.history().series.map(({ name }) => name),
    ['lines'],
  )
})
