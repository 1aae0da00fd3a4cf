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

  constructor(converters: RecordConverters, chain: TransformChain) {
    this.#converters = converters
    this.#chain = chain
  }

  /** For sources: transforms, then converters. */
  async toBytes(records: readonly ConnectRecord[]): Promise<readonly Outcome<SourceRecord>[]> {
    const transformed = await this.#chain.apply(records)
    return outcomesOf(transformed, record => this.#converters.fromConnect(record))
  }

  /** For sinks: converters, then transforms. */
  async toValues(records: readonly BytesRecord[]): Promise<readonly Outcome<ConnectRecord>[]> {
    const outcomes = [...(await outcomesOf(records, record => this.#converters.toConnect(record)))]
    if (this.#chain.isEmpty) return outcomes
    const indexes = [...outcomes.keys()].filter(i => isRecord(outcomes[i]))
    const transformed = await this.#chain.apply(indexes.map(i => outcomes[i] as ConnectRecord))
    for (const [at, i] of indexes.entries()) outcomes[i] = transformed[at] ?? null
    return outcomes
  }

  async close(): Promise<void> {
    const [chain, converters] = await Promise.allSettled([this.#chain.close(), this.#converters.close()])
    if (chain.status === 'rejected') throw chain.reason
    if (converters.status === 'rejected') throw converters.reason
  }
}

/**
 * Makes the converters and transforms that the properties of a connector name, converters else those of the worker.
 * @throws ConfigError with every problem of both
 */
export async function openPipeline(
  services: PluginServices,
  connector: Properties,
  worker: Properties = {},
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
  return new RecordPipeline(converters.value, chain.value)
}

/** Waits only where a converter does. */
async function outcomesOf<T extends object, R>(
  records: readonly Outcome<T>[],
  convert: (record: T) => MaybePromise<R>,
): Promise<readonly Outcome<R>[]> {
  const converting = records.map((record): MaybePromise<Outcome<R>> => {
    if (record === null || record instanceof ConnectError) return record
    const result = convert(record)
    return result instanceof Promise ? result.catch(connectErrorOf) : result
  })
  return converting.some(one => one instanceof Promise) ? Promise.all(converting) : (converting as readonly Outcome<R>[])
}

function connectErrorOf(error: unknown): ConnectError {
  if (error instanceof ConnectError) return error
  throw error
}

function isRecord(outcome: Outcome<ConnectRecord> | undefined): outcome is ConnectRecord {
  return outcome !== null && outcome !== undefined && !(outcome instanceof ConnectError)
}
