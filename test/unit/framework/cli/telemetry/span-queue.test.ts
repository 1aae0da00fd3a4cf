import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { SpanKind } from '@opentelemetry/api'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { ExportRecord } from '../../../../../framework/cli/telemetry/export-record.ts'
import type { Answer } from '../../../../../framework/cli/telemetry/otlp-sender.ts'
import { SpanQueue } from '../../../../../framework/cli/telemetry/span-queue.ts'
import { WhileRoom } from '../../../../../framework/cli/telemetry/while-room.ts'
import { MemoryLogger } from '../../../../../framework/testing/index.ts'

const TAKEN: Answer = { isTaken: true, body: Buffer.alloc(0), type: '' }
const FULL: Answer = { isTaken: false, isRetryable: true, why: 'it answered 503' }

class Sending {
  readonly requests: { readonly bytes: Uint8Array; readonly answer: (answer: Answer) => void }[] = []
  isClosed = false
  #asked: (() => void) | undefined

  send(bytes: Uint8Array): Promise<Answer> {
    return new Promise(answer => {
      this.requests.push({ bytes, answer })
      this.#asked?.()
    })
  }

  close(): void {
    this.isClosed = true
    this.requests.at(-1)?.answer(FULL)
  }

  async next(count: number): Promise<void> {
    while (this.requests.length < count) await new Promise<void>(resolve => (this.#asked = resolve))
  }
}

function queueOf(more: Partial<ConstructorParameters<typeof SpanQueue>[0]> = {}) {
  const sending = new Sending()
  const record = new ExportRecord({ signal: 'traces', endpoint: 'http://c', logger: new MemoryLogger() })
  const times = { delayMs: 1, lastMs: 200, lastOfTroubledMs: 50 }
  const queue = new SpanQueue({ sender: sending, record, maxQueue: 8, maxBatch: 4, ...times, ...more })
  const provider = new TracerProvider({ sampler: new WhileRoom(queue, record), spanProcessors: [queue] })
  const tracer = provider.getTracer('test')
  const make = (count: number): void => {
    for (let i = 0; i < count; i++) tracer.startSpan(`span ${i}`, { kind: SpanKind.INTERNAL }).end()
  }
  return { sending, record, queue, make }
}

test('one request is under way at a time, and what finds no room while the collector is slow is counted as lost', async () => {
  const { sending, record, queue, make } = queueOf()
  make(4)
  await sending.next(1)
  make(100)
  assert.equal(sending.requests.length, 1)
  assert.ok(queue.isFull)
  assert.deepEqual(record.spansLost, { queue_full: 92, not_taken: 0 })
  sending.requests[0]?.answer(TAKEN)
  await sending.next(2)
  assert.equal(record.spansSent, 4)
  sending.requests[1]?.answer(TAKEN)
  await sending.next(3)
  sending.requests[2]?.answer(TAKEN)
  await queue.shutdown()
  assert.deepEqual([record.spansSent, record.sent], [12, 3])
})

test('no span is made for a queue that is full', async () => {
  const { sending, record, queue, make } = queueOf({ maxQueue: 1, maxBatch: 1 })
  make(1)
  await sending.next(1)
  make(1)
  const provider = new TracerProvider({ sampler: new WhileRoom(queue, record), spanProcessors: [queue] })
  assert.equal(provider.getTracer('test').startSpan('lost').isRecording(), false)
  await queue.shutdown()
})

test('a request that a full collector refuses is repeated as it is, and taken in the end', async () => {
  const { sending, record, queue, make } = queueOf()
  make(2)
  await sending.next(1)
  sending.requests[0]?.answer(FULL)
  await setImmediate()
  const flushed = queue.forceFlush()
  await sending.next(2)
  assert.equal(sending.requests[1]?.bytes, sending.requests[0]?.bytes)
  sending.requests[1]?.answer(TAKEN)
  await flushed
  await queue.shutdown()
  assert.deepEqual([record.spansSent, record.failed, record.spansLost.not_taken], [2, 1, 0])
})

test('a request that is not understood is given up at once', async () => {
  const { sending, record, queue, make } = queueOf()
  make(2)
  await sending.next(1)
  sending.requests[0]?.answer({ ...FULL, isRetryable: false })
  await queue.shutdown()
  assert.equal(sending.requests.length, 1)
  assert.deepEqual([record.failed, record.spansLost.not_taken], [1, 2])
})

test('the end does not wait for a collector that does not answer, and what was left is counted as lost', async () => {
  const { sending, record, queue, make } = queueOf()
  make(4)
  await sending.next(1)
  make(5)
  const endsAt = performance.now()
  await queue.shutdown()
  assert.ok(performance.now() - endsAt < 1_000)
  assert.ok(sending.isClosed)
  assert.deepEqual([record.spansSent, record.spansLost.not_taken], [0, 9])
})

test('the end sends what waits, at once and whole', async () => {
  const { sending, record, queue, make } = queueOf({ delayMs: 60_000 })
  make(7)
  const ended = queue.shutdown()
  await sending.next(1)
  sending.requests[0]?.answer(TAKEN)
  await sending.next(2)
  sending.requests[1]?.answer(TAKEN)
  await ended
  assert.equal(record.spansSent, 7)
})
