/**
 * What a map of 1,000,000 runs in one partition costs: `node --expose-gc test/bench/micro/offset-map.ts`.
 * The runs are transactions of 1 to 200 records; one in twenty has records of others behind its copy.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { PartitionRuns } from '../../../connectors/mirror/offset-map/partition-runs.ts'
import { segmentEntries } from '../../../connectors/mirror/offset-map/segment-entries.ts'
import { StoredMap } from '../../../connectors/mirror/offset-map/stored-map.ts'

const RUNS = 1_000_000
const MORE_RUNS = 10_000
const PARTITIONS = 50
const FIRST = 5_000_000_000

const collect = globalThis.gc
if (collect === undefined) throw new Error('start it with --expose-gc')

/** Typed arrays are freed in the background. */
async function usedBytes(): Promise<number> {
  for (let i = 0; i < 5; i++) {
    collect!()
    await sleep(100)
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

interface Row {
  readonly what: string
  readonly value: number
  readonly unit: string
}
const rows: Row[] = []
const row = (what: string, value: number, unit: string): number => rows.push({ what, value: Number(value.toFixed(2)), unit })

/** Mean of `times` calls. */
function timed<T>(what: string, times: number, run: (i: number) => T): T {
  const startedAt = performance.now()
  let result = run(0)
  for (let i = 1; i < times; i++) result = run(i)
  const ms = performance.now() - startedAt
  if (times === 1) row(what, ms, 'ms')
  else row(what, (1000 * ms) / times, 'µs')
  return result
}

interface Ends {
  source: number
  target: number
}

function copyTransactions(runs: PartitionRuns, count: number, ends: Ends): void {
  for (let i = 0; i < count; i++) {
    const length = 1 + Math.floor(Math.random() * 200)
    runs.append(ends.source, length, ends.target)
    ends.source += length + 1
    ends.target += length + (Math.random() < 0.05 ? 1 + Math.floor(Math.random() * 5_000) : 0)
    runs.cover(ends.source)
  }
}

type Entry = ReturnType<typeof segmentEntries>[number]

function put(map: StoredMap, entries: readonly Entry[]): void {
  for (const { key, value } of entries) map.put({ key, value, partition: 0, offset: 0 })
}

/** What is measured by letting go of it. */
const held: { runs: PartitionRuns | null; stored: StoredMap | null } = { runs: null, stored: null }
const ends: Ends = { source: FIRST, target: FIRST - 2_000_000_000 }

function fill(): void {
  const runs = new PartitionRuns()
  const stored = new StoredMap()
  runs.topicId = '0a'.repeat(16)
  runs.begin(ends.source)
  timed('writer: append all', 1, () => copyTransactions(runs, RUNS, ends))
  const changes = timed('writer: take all changes', 1, () => runs.takeChanges())
  const entries = timed('writer: encode all', 1, () => segmentEntries('t', 0, runs, changes))
  timed('reader: take in all', 1, () => put(stored, entries))
  timed('reader: first translation', 1, () => stored.mapOf('t', 0)?.translate(FIRST))
  const encoded = entries.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)
  row('encoded', encoded / RUNS, 'bytes a run')
  Object.assign(held, { runs, stored })
}

function use(runs: PartitionRuns, stored: StoredMap): void {
  const map = stored.mapOf('t', 0)!
  const span = ends.source - FIRST
  timed('reader: translate anywhere', 200_000, () => map.translate(FIRST + Math.floor(Math.random() * span)))
  timed('reader: translate back anywhere', 200_000, () => map.translateBack(ends.target - Math.floor(Math.random() * span)))
  timed('reader: translate near the end', 1_000_000, i => map.translate(ends.source - (i % 10_000)))
  timed('reader: translate back near the end', 1_000_000, i => map.translateBack(ends.target - (i % 10_000)))
  const flushes: { readonly entries: readonly Entry[]; readonly end: number }[] = []
  timed('writer: one run more, and what to write', MORE_RUNS, () => {
    copyTransactions(runs, 1, ends)
    flushes.push({ entries: segmentEntries('t', 0, runs, runs.takeChanges()), end: ends.source })
  })
  timed('reader: one segment anew, and a translation', flushes.length, i => {
    put(stored, flushes[i]!.entries)
    map.translate(flushes[i]!.end - 10)
  })
  timed('writer: read what is stored', 1, () => stored.runsOf('t', 0))
}

function useMany(): void {
  const stored = new StoredMap()
  const sources: number[] = []
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const runs = new PartitionRuns()
    const end = { source: 0, target: 0 }
    runs.begin(0)
    copyTransactions(runs, 2_000, end)
    put(stored, segmentEntries('t', partition, runs, runs.takeChanges()))
    sources.push(end.source)
  }
  timed(`reader: translate near the end of ${PARTITIONS} partitions`, 1_000_000, i => {
    const partition = i % PARTITIONS
    stored.mapOf('t', partition)?.translate(sources[partition]! - (i % 500))
  })
}

fill()
use(held.runs!, held.stored!)
const both = await usedBytes()
held.stored = null
const writer = await usedBytes()
held.runs = null
const none = await usedBytes()
row('memory of the reader, its cache full', (both - writer) / (RUNS + MORE_RUNS), 'bytes a run')
row('memory of the writer', (writer - none) / (RUNS + MORE_RUNS), 'bytes a run')
row('memory of both', (both - none) / (RUNS + MORE_RUNS), 'bytes a run')
useMany()
console.table(rows)
