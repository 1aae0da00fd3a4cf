import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FlowStatus } from '../../../../../connectors/mirror/dedicated/flow-status.ts'
import { progressLines, summaryOf } from '../../../../../connectors/mirror/dedicated/progress.ts'

function flow(changes: Partial<FlowStatus> = {}): FlowStatus {
  return {
    name: 'A->B',
    role: 'copy',
    state: 'RUNNING',
    sinceMs: 0,
    partitions: 12,
    partitionsByState: { COPYING: 12 },
    lagRecords: 1234567,
    records: 5_000_000,
    bytes: 5e9,
    recordsPerSecond: 98_765.4,
    bytesPerSecond: 123_456_789,
    hop: { p50Ms: 3.2, p99Ms: 41 },
    gaps: 0,
    gapRecords: 0,
    troubled: [],
    ...changes,
  }
}

const idle: Partial<FlowStatus> = { partitions: 0, partitionsByState: {}, lagRecords: -1, troubled: [] }
const options = { columns: 100, style: (_style: string, text: string) => text, nowMs: 90_000 }

test('a line holds partitions, lag, rates, hop latency and state; columns stand below each other', () => {
  const lines = progressLines(
    [flow(), flow({ name: 'A->Backup', lagRecords: -1, recordsPerSecond: 0, bytesPerSecond: 0 })],
    options,
  )
  assert.deepEqual(lines, [
    'A->B       RUNNING  12 partitions  lag 1,234,567  98,765 rec/s  123.5 MB/s  hop 3/41 ms',
    'A->Backup  RUNNING  12 partitions          lag ?       0 rec/s    0.0 MB/s  hop 3/41 ms',
  ])
})

test('a flow that does not run says why and for how long', () => {
  const lines = progressLines([flow({ ...idle, state: 'BLOCKED', cause: 'a Java MirrorMaker 2 runs in group A-mm2' })], options)
  assert.deepEqual(lines, ['A->B  BLOCKED', '  for 1 min 30 s: a Java MirrorMaker 2 runs in group A-mm2'])
})

test('a flow without partitions that only beats says so', () => {
  assert.deepEqual(progressLines([flow({ ...idle, role: 'heartbeats' })], options), ['A->B  RUNNING  heartbeats only'])
})

test('gaps are counted in the line, and troubled partitions named below it, so many and no more', () => {
  const troubled = Array.from({ length: 8 }, (_, i) => ({ name: `orders-${i}`, state: 'FAILED', cause: 'too large' }) as const)
  const lines = progressLines([flow({ gaps: 1, gapRecords: 30_000, troubled })], options)
  assert.match(lines[0] ?? '', / {2}1 gap \(30,000 records\)$/)
  assert.equal(lines[1], '  orders-0 FAILED too large')
  assert.equal(lines.at(-1), '  and 3 more partitions in trouble')
  assert.equal(lines.length, 7)
})

test('lines below a flow are cut at the width of the terminal', () => {
  const lines = progressLines([flow({ ...idle, state: 'RETRYING', cause: 'x'.repeat(200) })], { ...options, columns: 40 })
  assert.equal(lines[1]?.length, 40)
})

test('the state is styled', () => {
  const style = (name: string, text: string) => `<${name}>${text}</>`
  const [line] = progressLines([flow({ ...idle, state: 'FAILED' })], { ...options, style })
  assert.equal(line, 'A->B  <red>FAILED</>')
})

test('the summary for logs has the figures as fields and names what failed', () => {
  const { fields, message } = summaryOf(flow({ partitionsByState: { COPYING: 10, FAILED: 2 }, gaps: 2, gapRecords: 7 }))
  assert.deepEqual(fields, {
    flow: 'A->B',
    state: 'RUNNING',
    partitions: { COPYING: 10, FAILED: 2 },
    lagRecords: 1234567,
    records: 5_000_000,
    bytes: 5e9,
    recordsPerSecond: 98_765,
    bytesPerSecond: 123_456_789,
    hopP50Ms: 3.2,
    hopP99Ms: 41,
    gaps: 2,
    gapRecords: 7,
  })
  assert.equal(
    message,
    'A->B: RUNNING, 12 partitions, lag 1,234,567, 98,765 rec/s, 123.5 MB/s, hop 3/41 ms, 2 gaps (7 records), 2 partitions FAILED',
  )
})

test('the summary says why partitions are tried again', () => {
  const troubled = [{ name: 'orders-3', state: 'RETRYING', cause: '127.0.0.1:9092 closed the connection' } as const]
  const { message } = summaryOf(flow({ partitionsByState: { CAUGHT_UP: 10, RETRYING: 2 }, troubled }))
  assert.match(message, /, 2 partitions RETRYING \(127\.0\.0\.1:9092 closed the connection\)$/)
})
