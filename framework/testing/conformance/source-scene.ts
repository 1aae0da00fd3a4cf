import type { SourcePart } from '../../api/index.ts'
import { partitionKey } from '../../storage/partition-key.ts'
import { recordsOf } from '../harness-records.ts'
import { TaskHarness } from '../task-harness.ts'
import { TestOffsetStore } from '../test-offset-store.ts'
import { TimeLimitError, withinLimit } from '../time-limit.ts'
import { broken, configFrom, type Properties } from './conformance-test.ts'
import type { SourceConformanceOptions } from './source-conformance.ts'
import { WatchedSource } from './watched-source.ts'

export const DEFAULT_PROMPT_MS = 1_000
const DEFAULT_TIMEOUT_MS = 5_000

/** One task under test. */
export interface Run {
  readonly harness: TaskHarness
  readonly task: WatchedSource
}

/** What one test of a source has: a source of its own, offsets, and tasks that are gone when it ends. */
export class SourceScene {
  readonly config: Properties
  readonly offsets = new TestOffsetStore()
  readonly promptMs: number
  readonly timeoutMs: number
  readonly #options: SourceConformanceOptions
  readonly #running = new Set<TaskHarness>()

  private constructor(options: SourceConformanceOptions, config: Properties) {
    this.#options = options
    this.config = config
    this.promptMs = options.promptMs ?? DEFAULT_PROMPT_MS
    this.timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
  }

  /** Runs a check in a scene of its own. */
  static async play(options: SourceConformanceOptions, check: (scene: SourceScene) => Promise<void>): Promise<void> {
    const config = await configFrom(options.config)
    const scene = new SourceScene(options, config)
    try {
      await check(scene)
    } finally {
      for (const harness of scene.#running) await harness.kill().catch(() => harness)
      await options.dispose?.(config)
    }
  }

  get hasEnd(): boolean {
    return this.#options.produce !== undefined
  }

  get badConfig(): Properties | undefined {
    return this.#options.badConfig
  }

  /** A task that is not started. */
  create(): WatchedSource {
    return new WatchedSource(this.#options.create())
  }

  async start(task = this.create(), config = this.config): Promise<Run> {
    const { offsets, timeoutMs } = this
    const harness = await TaskHarness.start(task, { config, offsets, timeoutMs })
    this.#running.add(harness)
    return { harness, task }
  }

  async stop({ harness }: Run): Promise<void> {
    this.#running.delete(harness)
    await this.prompt(harness.stop(), 'The task did not stop')
  }

  async kill({ harness }: Run): Promise<void> {
    this.#running.delete(harness)
    await this.prompt(harness.kill(), 'stop() did not resolve after the task was unsubscribed from')
  }

  prompt<T>(promise: Promise<T>, what: string): Promise<T> {
    return withinLimit(promise, this.promptMs, () => what)
  }

  async produce(count: number): Promise<void> {
    await this.#options.produce?.(count, this.config)
  }

  /** Demands until `isEnough`, or until the time for it is over: judge what has come. */
  async readUntil({ harness }: Run, isEnough: (parts: readonly SourcePart[]) => boolean): Promise<readonly SourcePart[]> {
    const parts: SourcePart[] = []
    const deadline = performance.now() + this.timeoutMs
    try {
      while (!isEnough(parts) && performance.now() < deadline) parts.push(...(await harness.demand()).parts)
    } catch (error) {
      if (!(error instanceof TimeLimitError)) throw error
    }
    return parts
  }

  /** The next so many records, or a few more; in several parts, where the source has an end. */
  async read(run: Run, count: number): Promise<readonly SourcePart[]> {
    const parts: SourcePart[] = []
    const rounds = this.hasEnd ? count : 1
    for (let round = 1; round <= rounds; round++) {
      if (this.hasEnd) await this.produce(1)
      const wanted = this.hasEnd ? round : count
      const missing = wanted - textsOf(parts).length
      if (missing > 0) parts.push(...(await this.readUntil(run, more => textsOf(more).length >= missing)))
      const found = textsOf(parts).length
      if (found < wanted) broken(`Only ${found} of ${wanted} records that the source has came within ${this.timeoutMs} ms`)
    }
    return parts
  }
}

/** Records as text that tells them apart; not by their timestamps, which may be those of reading. */
export const textsOf = (parts: readonly SourcePart[]): readonly string[] =>
  parts.flatMap(part => recordsOf(part)).map(({ timestamp: _, ...record }) => JSON.stringify(record, withBigInts))

/** By source partition, in order. */
export function byPartition(parts: readonly SourcePart[]): ReadonlyMap<string, readonly string[]> {
  const groups = Map.groupBy(parts, ({ sourcePartition }) => partitionKey(sourcePartition))
  return new Map([...groups].map(([key, group]) => [key, textsOf(group)] as const))
}

const withBigInts = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value)
