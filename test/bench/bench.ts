import { type Arena, BROKER_SETTINGS, openArena } from './arena.ts'
import type { Contestant } from './contestants/contestant.ts'
import { prepare } from './contestants/index.ts'
import { runCopy } from './copy-run.ts'
import { RATE, runLatency, VALUE_BYTES } from './latency-run.ts'
import { describeMachine, describeVersions, load } from './machine.ts'
import type { BenchOptions } from './options.ts'
import type { BenchReport, CopyResult, Failure, LatencyResult, LogShape } from './results.ts'
import { describeShape, type SourceData, writeSourceData } from './source-data.ts'
import { readable } from './statistics.ts'
import { POLL_MS } from './target-watch.ts'
import { PARTITIONS, type Workload } from './workloads.ts'

/** Of a run that was disturbed. */
const MAX_REPETITIONS = 2

const KILLED = 137

type Say = (line: string) => void

/** Measures everything asked for; what cannot be measured becomes a failure of the report. `say` gets a line of progress now and then. */
export const runBench = async (options: BenchOptions, say: Say): Promise<BenchReport> => {
  const startedAt = new Date()
  const loadBefore = load()
  const bench = new Bench(options, say)
  const contestants = await prepare(options, line => {
    bench.notes.push(line)
    say(line)
  })
  say('starting two clusters')
  const arena = await openArena()
  try {
    for (const workload of options.workloads) await bench.measureCopies(arena, contestants, workload)
    if (options.latencySeconds > 0) await bench.measureLatencies(arena, contestants)
  } finally {
    await arena.close()
  }
  return {
    startedAt: startedAt.toISOString(),
    minutes: (Date.now() - startedAt.getTime()) / 60_000,
    command: `npm run bench -- ${process.argv.slice(2).join(' ')}`.replace(/ --? ?$/, ''),
    machine: { ...describeMachine(), loadBefore, loadAfter: load() },
    versions: await describeVersions(contestants.some(({ name }) => name === 'go')),
    settings: {
      measurement: settingsOf(options),
      brokers: BROKER_SETTINGS,
      ...Object.fromEntries(contestants.map(({ name, settings }) => [name, settings])),
    },
    shapes: bench.shapes,
    copies: bench.copies,
    latencies: bench.latencies,
    failures: bench.failures,
    notes: bench.notes,
  }
}

const settingsOf = ({ mb, runs, mm2Runs, latencySeconds, warmupSeconds, calm }: BenchOptions): string =>
  `${mb} MB per workload in ${PARTITIONS} partitions, ${runs} rounds (MirrorMaker 2 in ${Math.min(mm2Runs, runs)}), ` +
  `end offsets read every ${POLL_MS} ms${calm === undefined ? '' : `, copies repeated when others took more than ${calm} % of the CPU`}; latency over ${latencySeconds} s after ${warmupSeconds} s of warm-up, ${RATE} records/s of ${VALUE_BYTES} bytes`

class Bench {
  readonly shapes: LogShape[] = []
  readonly copies: CopyResult[] = []
  readonly latencies: LatencyResult[] = []
  readonly failures: Failure[] = []
  readonly notes: string[] = []
  readonly #options: BenchOptions
  readonly #say: Say

  constructor(options: BenchOptions, say: Say) {
    this.#options = options
    this.#say = say
  }

  async measureCopies(arena: Arena, contestants: readonly Contestant[], workload: Workload): Promise<void> {
    const { mb, runs, mm2Runs } = this.#options
    this.#say(`${workload.name}: writing ${mb} MB`)
    const data = await writeSourceData(arena, workload, mb)
    this.shapes.push(data.shape)
    this.#say(describeShape(data.shape))
    await this.#warmUp(arena, contestants, data)
    for (let round = 1; round <= runs; round++) {
      for (const contestant of contestants) {
        if (contestant.name.startsWith('mm2') && round > mm2Runs) continue
        await this.#attempt(contestant, `${workload.name}, round ${round}`, async () => {
          const result = await this.#calmest(() => runCopy(arena, contestant, data, round))
          this.copies.push(result)
          this.#remark(result)
          return `${readable(result.mbPerSecond)} MB/s, first record after ${readable(result.startToFirstSeconds)} s`
        })
      }
    }
    await arena.bridge.deleteTopic(arena.source, workload.name)
  }

  #remark({ contestant, workload, round, extraRecords, exitCode }: CopyResult): void {
    const where = `${contestant}, ${workload}, round ${round}`
    if (extraRecords > 0 && contestant !== 'limit') this.notes.push(`${where}: ${extraRecords} records were copied twice`)
    if (exitCode === KILLED) this.notes.push(`${where}: had to be killed, SIGTERM did not end it in time`)
  }

  async #calmest(run: () => Promise<CopyResult>): Promise<CopyResult> {
    const { calm = Number.POSITIVE_INFINITY } = this.#options
    const others = ({ othersCpuPercent }: CopyResult): number => othersCpuPercent ?? 0
    let best = await run()
    for (let again = 0; others(best) > calm && again < MAX_REPETITIONS; again++) {
      this.#say(`others took ${readable(others(best))} % of the CPU: once more`)
      const result = await run()
      if (others(result) < others(best)) best = result
    }
    return best
  }

  /** The brokers' code for this kind of data is compiled before anything counts. */
  async #warmUp(arena: Arena, contestants: readonly Contestant[], data: SourceData): Promise<void> {
    const quickest = ['limit', 'go', 'isthmus'].flatMap(name => contestants.filter(contestant => contestant.name === name))
    for (const contestant of quickest.slice(0, 2)) {
      this.#say(`${data.workload.name}: warming up with ${contestant.name}`)
      await runCopy(arena, contestant, data, 0).catch((error: Error) =>
        this.#say(`warm-up with ${contestant.name} failed: ${error.message}`),
      )
    }
  }

  async measureLatencies(arena: Arena, contestants: readonly Contestant[]): Promise<void> {
    const times = { warmupSeconds: this.#options.warmupSeconds, seconds: this.#options.latencySeconds }
    for (const contestant of contestants.filter(({ isMirror }) => isMirror)) {
      await this.#attempt(contestant, 'latency', async () => {
        const result = await runLatency(arena, contestant, times)
        this.latencies.push(result)
        return `p50 ${readable(result.target.p50)} ms, ${readable(result.addedP50)} ms more than on the source`
      })
    }
  }

  async #attempt(contestant: Contestant, what: string, work: () => Promise<string>): Promise<void> {
    try {
      this.#say(`${what}: ${contestant.name}: ${await work()}`)
    } catch (error) {
      const reason = (error as Error).message
      this.failures.push({ contestant: contestant.name, what, reason })
      this.#say(`${what}: ${contestant.name} could not be measured: ${reason}`)
    }
  }
}
