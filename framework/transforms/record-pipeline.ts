import { ConfigError, type ConfigProblem } from '../api/connect-error.ts'
import type { MaybePromise } from '../api/converter.ts'
import type { ConnectRecord } from '../api/data.ts'
import { ConnectError, type SourceRecord } from '../api/index.ts'
import type { PluginServices } from '../config/load-plugin.ts'
import { type BytesRecord, openConverters, type RecordConverters } from '../converters/index.ts'
import { openTransforms } from './open-transforms.ts'
import type { TransformChain } from './transform-chain.ts'

type Properties = Readonly<Record<string, string>>

/** What became of a record: converted, null = dropped by a transform, or why it failed. */
export type Outcome<T> = T | null | ConnectError

/**
 * Converters and transforms of one task, in the order of its direction. One outcome per record, in their order; a record that fails has its error
 * (CONVERSION_FAILED or TRANSFORM_FAILED, and the stage) as its outcome and stops no other. What to do about it is the caller's.
 */
export class RecordPipeline {
  readonly #converters: RecordConverters
  readonly #chain: TransformChain
  readonly #leaves: (topic: string) => boolean

  /** @param leaves topics whose batches of bytes are not to be touched; none by default */
  constructor(converters: RecordConverters, chain: TransformChain, leaves: (topic: string) => boolean = () => false) {
    this.#converters = converters
    this.#chain = chain
    this.#leaves = leaves
  }

  /** Batches for this topic stay the bytes that they are, read by nothing. */
  leaves(topic: string): boolean {
    return this.#chain.isEmpty || this.#leaves(topic)
  }

  /** Bytes have to be read for it. */
  get hasTransforms(): boolean {
    return !this.#chain.isEmpty
  }

  /** For sources: transforms, then converters. */
  async toBytes(records: readonly ConnectRecord[]): Promise<readonly Outcome<SourceRecord>[]> {
    const transformed = await this.#chain.apply(records)
    return outcomesOf(transformed, record => this.#converters.fromConnect(record))
  }

  /** For sources whose records are bytes: read by the converters, transformed, written again. Records that no transform changes keep their bytes. */
  async rewrite(records: readonly SourceRecord[]): Promise<readonly Outcome<SourceRecord>[]> {
    const read = await outcomesOf(records, record => this.#converters.toConnect(record))
    const transformed = await this.#chain.apply(read)
    const changed = transformed.map((record, i) => (isRecord(record) && record === read[i] ? null : record))
    const written = await outcomesOf(changed, record => this.#converters.fromConnect(record))
    return transformed.map((record, i) => (isRecord(record) && record === read[i] ? records[i]! : written[i]!))
  }

  /** For sinks: converters, then transforms. */
  async toValues(records: readonly BytesRecord[]): Promise<readonly Outcome<ConnectRecord>[]> {
    const outcomes = await outcomesOf(records, record => this.#converters.toConnect(record))
    return this.#chain.isEmpty ? outcomes : this.#chain.apply(outcomes)
  }

  /** What a sink made itself, as its converters write it: no transform sees it. */
  async encode(records: readonly ConnectRecord[]): Promise<readonly Outcome<SourceRecord>[]> {
    return outcomesOf(records, record => this.#converters.fromConnect(record))
  }

  async close(): Promise<void> {
    const [chain, converters] = await Promise.allSettled([this.#chain.close(), this.#converters.close()])
    if (chain.status === 'rejected') throw chain.reason
    if (converters.status === 'rejected') throw converters.reason
  }
}

/**
 * Makes the converters and transforms that the properties of a connector name, converters else those of the worker. `leaves`: see `RecordPipeline`.
 * @throws ConfigError with every problem of both
 */
export async function openPipeline(
  services: PluginServices,
  connector: Properties,
  worker: Properties = {},
  leaves?: (topic: string) => boolean,
): Promise<RecordPipeline> {
  const [converters, chain] = await Promise.allSettled([
    openConverters(services, connector, worker),
    openTransforms(services, connector),
  ])
  const problems: ConfigProblem[] = []
  for (const opened of [converters, chain]) {
    if (opened.status === 'fulfilled') continue
    if (!(opened.reason instanceof ConfigError)) throw opened.reason
    problems.push(...opened.reason.problems)
  }
  if (converters.status === 'rejected' || chain.status === 'rejected') throw new ConfigError(problems)
  return new RecordPipeline(converters.value, chain.value, leaves)
}

/** Waits only where a converter does. */
function outcomesOf<T extends object, R>(
  records: readonly Outcome<T>[],
  convert: (record: T) => MaybePromise<R>,
): MaybePromise<readonly Outcome<R>[]> {
  const outcomes: MaybePromise<Outcome<R>>[] = []
  let waits = false
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!
    if (record === null || record instanceof ConnectError) {
      outcomes.push(record)
      continue
    }
    const result = convert(record)
    if (result instanceof Promise) {
      waits = true
      outcomes.push(result.catch(connectErrorOf))
    } else outcomes.push(result)
  }
  return waits ? Promise.all(outcomes) : (outcomes as readonly Outcome<R>[])
}

function connectErrorOf(error: unknown): ConnectError {
  if (error instanceof ConnectError) return error
  throw error
}

function isRecord(outcome: Outcome<ConnectRecord>): outcome is ConnectRecord {
  return outcome !== null && !(outcome instanceof ConnectError)
}
