import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { rejectedSpans } from '../../../../../framework/cli/telemetry/otlp-answers.ts'
import { type Answer, OtlpSender } from '../../../../../framework/cli/telemetry/otlp-sender.ts'
import { TryingCollector } from '../../../../kafka/trying-collector.ts'

const BYTES = Buffer.from('spans')
const environment = { ...process.env }
const collector = new TryingCollector()
before(() => collector.start())
after(async () => {
  process.env = environment
  await collector.close()
})

async function sent(respond: TryingCollector['respond'], { timeoutMs = 5_000, url = collector.url } = {}): Promise<Answer> {
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = url
  collector.respond = respond
  const sender = new OtlpSender({ signal: 'TRACES', userAgent: 'isthmus/9.9', timeoutMs })
  try {
    return await sender.send(BYTES)
  } finally {
    sender.close()
  }
}

test('a request goes where the variables say, with the headers that they add, zipped where they ask for it', async () => {
  Object.assign(process.env, { OTEL_EXPORTER_OTLP_HEADERS: 'api-key=secret', OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' })
  let seen: readonly unknown[] = []
  await sent((response, { url, headers }) => {
    seen = [url, headers['content-type'], headers['content-encoding'], headers['api-key'], headers['user-agent']]
    response.end()
  })
  delete process.env.OTEL_EXPORTER_OTLP_HEADERS
  delete process.env.OTEL_EXPORTER_OTLP_COMPRESSION
  assert.deepEqual(seen, ['/v1/traces', 'application/x-protobuf', 'gzip', 'secret', 'isthmus/9.9'])
})

test('a collector that never answers, or never ends its answer, is waited for no longer than the timeout', async () => {
  for (const respond of [
    () => undefined,
    (response => {
      response.writeHead(200)
      const drop = setInterval(() => response.write('.'), 20)
      response.on('close', () => clearInterval(drop))
    }) satisfies TryingCollector['respond'],
  ]) {
    const startedAt = performance.now()
    const answer = await sent(respond, { timeoutMs: 200 })
    assert.deepEqual(answer, { isTaken: false, isRetryable: true, why: 'no answer within 0.2 s' })
    assert.ok(performance.now() - startedAt < 2_000)
  }
})

test('a full collector: its status, its words and how long it wants to be left alone', async () => {
  const answer = await sent(response => response.writeHead(503, { 'retry-after': '7' }).end('memory is full\n'))
  const why = 'it answered 503 Service Unavailable (memory is full)'
  assert.deepEqual(answer, { isTaken: false, isRetryable: true, why, retryAfterMs: 7_000 })
})

test('what it does not understand is not sent again', async () => {
  const answer = await sent(response => response.writeHead(400).end())
  assert.deepEqual(answer, { isTaken: false, isRetryable: false, why: 'it answered 400 Bad Request' })
})

test('connections that break, and answers that are none, are failures that say so', async () => {
  const broken = await sent(response => response.socket?.destroy())
  assert.deepEqual(broken, { isTaken: false, isRetryable: true, why: 'socket hang up' })
  const raw = createServer(socket => socket.end('hello\r\n')).listen(0, '127.0.0.1')
  await once(raw, 'listening')
  const { port } = raw.address() as { port: number }
  const garbage = await sent(() => undefined, { url: `http://127.0.0.1:${port}` })
  raw.close()
  assert.match(garbage.isTaken ? '' : garbage.why, /Parse Error/)
  const nobody = await sent(() => undefined, { url: `http://127.0.0.1:${port}` })
  assert.match(nobody.isTaken ? '' : nobody.why, /ECONNREFUSED/)
})

test('a page for people is no answer of a collector, and a partial success tells how many were rejected', async () => {
  const page = rejectedSpans(
    await sent(response => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in</html>')),
  )
  assert.match(page.isTaken ? '' : page.why, /^what it answered is none of OTLP's \(text\/html: /)
  // ExportTraceServiceResponse: partial_success (1) { rejected_spans (1) = 3, error_message (2) = "no" }
  const partial = Buffer.from([0x0a, 6, 0x08, 3, 0x12, 2, 0x6e, 0x6f])
  const judged = rejectedSpans(await sent(response => response.end(partial)))
  assert.deepEqual(judged, { isTaken: true, rejected: 3, why: 'it rejected 3 of them: no' })
  const empty = rejectedSpans(await sent(response => response.end()))
  assert.equal(empty.isTaken && empty.rejected, 0)
})
