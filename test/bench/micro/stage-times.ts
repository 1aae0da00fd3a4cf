/**
 * What is noted of a part of a source task for metrics, where nothing is traced: once a batch, once a part that passes as it is, and once a part that is made into
 * batches. Prints nanoseconds of each, beside those of an empty round.
 */
import { TaskTotals } from '../../../framework/runtime/index.ts'

const ROUNDS = 2_000_000

const totals = new TaskTotals()
const fetch = { requestedAt: performance.now(), receivedAt: performance.now() + 3 }
let sink = 0

function measured(what: string, round: (i: number) => void): void {
  for (let i = 0; i < ROUNDS / 10; i++) round(i)
  const before = process.cpuUsage()
  for (let i = 0; i < ROUNDS; i++) round(i)
  const { user, system } = process.cpuUsage(before)
  console.log(`${what.padEnd(64)} ${(((user + system) * 1000) / ROUNDS).toFixed(0)} ns`)
}

measured('an empty round', i => {
  sink += i
})
measured('a look at the clock', () => {
  sink += performance.now()
})
measured('a batch that arrives: fetch and wait', () => totals.taken(fetch))
measured('a part, read: counts, greatest and mean', i => totals.read(100, i & 1, fetch.receivedAt))
measured('a part, acknowledged: produce', () => totals.settled(1, fetch.receivedAt))
measured('a part made into batches: transform, with the looks at the clock', () => {
  const startedAt = performance.now()
  totals.transforming.record(performance.now() - startedAt)
})
measured('a commit', () => totals.commits.begun(undefined)())
if (sink === 0) console.log('never')
