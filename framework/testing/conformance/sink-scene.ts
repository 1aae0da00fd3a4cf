import { setTimeout as sleep } from 'node:timers/promises'
import { type HarnessRecord, SinkHarness } from '../sink-harness.ts'
import { withinLimit } from '../time-limit.ts'
import { broken, configFrom, type Properties } from './conformance-test.ts'
import type { SinkConformanceOptions } from './sink-conformance.ts'
import { WatchedSink } from './watched-sink.ts'

export const DEFAULT_PROMPT_MS = 1_000
const DEFAULT_TIMEOUT_MS = 5_000
const DEFAULT_TOPIC = 'conformance'
/** Without an acknowledgement for so long, a task is taken to hold back. */
const QUIET_MS = 30

/** One task under test. */
export interface SinkRun {
  readonly harness: SinkHarness
  readonly task: WatchedSink
}

/** What one test of a sink has: a target of its own, the records that it was given, and tasks that are gone when it ends. */
export class SinkScene {
  readonly config: Properties
  readonly topic: string
  readonly promptMs: number
  readonly timeoutMs: number
  /** Records delivered so far, by partition, in order of their offsets. */
  readonly #delivered: HarnessRecord[][] = []
  readonly #options: SinkConformanceOptions
  readonly #running = new Set<SinkHarness>()
  #count = 0

  private constructor(options: SinkConformanceOptions, config: Properties) {
    this.#options = options
    this.config = config
    this.topic = options.topic ?? DEFAULT_TOPIC
    this.promptMs = options.promptMs ?? DEFAULT_PROMPT_MS
    this.timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
  }

  /** Runs a check in a scene of its own. */
  static async play(options: SinkConformanceOptions, check: (scene: SinkScene) => Promise<void>): Promise<void> {
    const config = await configFrom(options.config)
    const scene = new SinkScene(options, config)
    try {
      await check(scene)
    } finally {
      for (const harness of scene.#running) await scene.prompt(harness.kill(), 'stop() did not resolve').catch(() => harness)
      await options.dispose?.(config)
    }
  }

  /** A task that is not started. */
  create(): WatchedSink {
    return new WatchedSink(this.#options.create())
  }

  /** @param offsets what an earlier task has committed */
  async start(offsets: ReadonlyMap<string, number> = new Map(), task = this.create(), config = this.config): Promise<SinkRun> {
    const harness = await SinkHarness.start(task, {
      format: this.#isText ? 'text' : 'json',
      ...this.#options.harness,
      config,
      offsets,
    })
    this.#running.add(harness)
    return { harness, task }
  }

  async stop({ harness }: SinkRun): Promise<void> {
    this.#running.delete(harness)
    await this.prompt(harness.stop(), 'The task did not stop')
  }

  async kill({ harness }: SinkRun): Promise<void> {
    this.#running.delete(harness)
    await this.prompt(harness.kill(), 'stop() did not resolve after the task was unsubscribed from')
  }

  prompt<T>(promise: Promise<T>, what: string): Promise<T> {
    return withinLimit(promise, this.promptMs, () => what)
  }

  place(partition: number): { readonly topic: string; readonly partition: number } {
    return { topic: this.topic, partition }
  }

  /** Delivers a batch of so many records that the target has not had. */
  async deliver({ harness }: SinkRun, partition: number, count: number): Promise<void> {
    const records = Array.from({ length: count }, () => this.#next())
    this.#delivered[partition] = [...(this.#delivered[partition] ?? []), ...records]
    await harness.deliver(this.topic, partition, records)
  }

  /** Delivers what a partition has from the committed offset on, or from where the task seeks, as its next owner is given it. */
  async deliverAgain({ harness, task }: SinkRun, partition: number): Promise<void> {
    task.seeks.clear()
    await harness.assign(this.place(partition))
    const from = task.seeks.get(`${this.topic}-${partition}`) ?? this.#committed(harness, partition)
    const records = (this.#delivered[partition] ?? []).slice(from)
    if (records.length > 0) await harness.deliver(this.topic, partition, records)
  }

  /** Makes the next write fail in passing, where the author knows how. */
  async interrupt(): Promise<void> {
    await this.#options.interrupt?.(this.config)
  }

  /** Waits until everything is acknowledged, after a flush where the task holds back. */
  async settled({ harness }: SinkRun): Promise<void> {
    const settled = harness.settled().then(() => true)
    const isSettled = await Promise.race([settled, sleep(QUIET_MS, false)])
    if (!isSettled) await this.prompt(harness.flush(), 'flush() did not resolve')
    await withinLimit(settled, this.timeoutMs, () => 'Batches were not acknowledged, neither by themselves nor after flush()')
    if (harness.error !== undefined) throw harness.error
    const [failed] = harness.failedPartitions
    if (failed !== undefined)
      broken(`The task failed ${failed.partition.topic}-${failed.partition.partition}: ${failed.error.message}`)
  }

  /** Values in the target. */
  async arrived(): Promise<readonly string[]> {
    return (await this.#options.read?.(this.config)) ?? []
  }

  /** Fails where some of these did not arrive; and where one came twice, if the sink is idempotent. */
  async expectArrived(values: readonly string[], what: string): Promise<void> {
    if (this.#options.read === undefined) return
    const arrived = await this.arrived()
    const missing = values.filter(value => !arrived.includes(value))
    if (missing.length > 0)
      broken(`${missing.length} of ${values.length} records ${what} are not in the target, the first of them ${missing[0]}`)
    const twice = arrived.find((value, i) => arrived.indexOf(value) !== i)
    if (this.#options.idempotent && twice !== undefined)
      broken(`${twice} is in the target twice, though the sink is said to be idempotent`)
  }

  /** Values of everything delivered. */
  get all(): readonly string[] {
    return this.#delivered.flat().map(textOf)
  }

  /** Values of what a task has committed. */
  committed({ harness }: SinkRun): readonly string[] {
    return this.#delivered.flatMap((records, partition) => records.slice(0, this.#committed(harness, partition))).map(textOf)
  }

  /** Records of which something is missing. */
  get bare(): readonly HarnessRecord[] {
    const bare: readonly HarnessRecord[] = [
      { key: 'a', value: null },
      { ...this.#next(), key: null },
      { key: '', value: null },
    ]
    return this.#isText ? [...bare, { key: null, value: '' }] : bare
  }

  /** The records of the suite are text, those of an author what `harness` says, by default JSON. */
  get #isText(): boolean {
    return this.#options.record === undefined
  }

  #committed(harness: SinkHarness, partition: number): number {
    return harness.committed.get(`${this.topic}-${partition}`) ?? 0
  }

  #next(): HarnessRecord {
    const number = this.#count++
    return this.#options.record?.(number) ?? { key: `key ${number}`, value: `record ${number}` }
  }
}

const textOf = ({ value, json }: HarnessRecord): string => {
  if (json !== undefined) return JSON.stringify(json)
  return value == null ? '' : Buffer.from(value).toString('utf8')
}
