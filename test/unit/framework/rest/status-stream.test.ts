import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import type { StatusReport } from '../../../../framework/api/index.ts'
import type { Listener, StreamAnswer } from '../../../../framework/rest/index.ts'
import { StatusStream } from '../../../../framework/rest/status-stream.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'

class FakeListener implements Listener {
  isBehind = false
  readonly sent: string[] = []
  isDropped = false
  #closed: () => void = () => undefined

  send(text: string): void {
    this.sent.push(text)
  }

  onClose(closed: () => void): void {
    this.#closed = closed
  }

  drop(): void {
    this.isDropped = true
    this.#closed()
  }
}

function open(stream: StatusStream): FakeListener {
  const listener = new FakeListener()
  ;(stream.answer() as StreamAnswer).open(listener)
  return listener
}

test('a slow reader misses reports, none is kept for it, and it is dropped when it stays slow', () => {
  mock.timers.enable({ apis: ['setInterval', 'Date'] })
  const logger = new MemoryLogger()
  const stream = new StatusStream({ status: () => ({}) as StatusReport, logger })
  const [slow, quick] = [open(stream), open(stream)]
  slow.isBehind = true
  mock.timers.tick(10_000)
  assert.deepEqual([slow.sent.length, quick.sent.length, slow.isDropped], [1, 11, false])
  slow.isBehind = false
  mock.timers.tick(1_000)
  assert.equal(slow.sent.length, 2)
  slow.isBehind = true
  mock.timers.tick(11_000)
  assert.deepEqual([slow.isDropped, stream.listenerCount], [true, 1])
  assert.equal(quick.sent.length, 23)
  stream.close()
  mock.timers.reset()
})

test('a report that cannot be made ends no stream, and is logged', () => {
  mock.timers.enable({ apis: ['setInterval', 'Date'] })
  const logger = new MemoryLogger()
  let isBroken = true
  const status = (): StatusReport => {
    if (isBroken) throw new Error('broken')
    return {} as StatusReport
  }
  const stream = new StatusStream({ status, logger })
  const listener = open(stream)
  isBroken = false
  mock.timers.tick(1_000)
  assert.match(listener.sent[0]!, /could not be told/)
  assert.equal(listener.sent[1], 'event: status\ndata: {}\n\n')
  assert.deepEqual(
    logger.lines.map(({ message }) => message),
    ['The status could not be told'],
  )
  stream.close()
  mock.timers.reset()
})
