import type { ConnectRecord } from '../api/data.ts'
import { ConnectError } from '../api/index.ts'
import type { Predicate, Transform } from '../api/transform.ts'

/** A transform with its place in the chain. */
export interface TransformStage {
  readonly alias: string
  /** As it is named in the configuration. */
  readonly type: string
  readonly transform: Transform
  /** Absent = for all records. */
  readonly applies?: (record: ConnectRecord) => boolean
}

/** What became of a record: another or the same, null = dropped, or why it failed: TRANSFORM_FAILED, stage `transform`. */
export type Transformed = ConnectRecord | null | ConnectError

/** The transforms of one task, one after the other over batches of records. */
export class TransformChain {
  readonly #stages: readonly TransformStage[]
  readonly #closers: readonly (Transform | Predicate)[]

  /** @param predicates are closed with the transforms */
  constructor(stages: readonly TransformStage[], predicates: readonly Predicate[] = []) {
    this.#stages = stages
    this.#closers = [...stages.map(stage => stage.transform), ...predicates]
  }

  /** Nothing to do: records need not be decoded for it. */
  get isEmpty(): boolean {
    return this.#stages.length === 0
  }

  /** One result per record, in their order; those that are none already stay as they are. Rejects only for a transform that breaks its contract. */
  async apply(records: readonly Transformed[]): Promise<readonly Transformed[]> {
    if (this.isEmpty) return records
    const results: Transformed[] = [...records]
    for (const stage of this.#stages) {
      const indexes = this.#concerned(stage, results)
      if (indexes.length === 0) continue
      const outcome = await applyStage(
        stage,
        indexes.map(i => results[i] as ConnectRecord),
      )
      for (const [at, i] of indexes.entries()) results[i] = outcome[at] ?? null
    }
    return results
  }

  async close(): Promise<void> {
    const closed = await Promise.allSettled(this.#closers.map(async closer => closer.close?.()))
    const failed = closed.find(result => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  /** Which records the stage is for. One that its predicate fails for has failed. */
  #concerned(stage: TransformStage, results: Transformed[]): number[] {
    const indexes: number[] = []
    for (const [i, record] of results.entries()) {
      if (record === null || record instanceof ConnectError) continue
      try {
        if (stage.applies?.(record) ?? true) indexes.push(i)
      } catch (cause) {
        results[i] = failed(stage, record, cause)
      }
    }
    return indexes
  }
}

async function applyStage(stage: TransformStage, records: readonly ConnectRecord[]): Promise<readonly Transformed[]> {
  const results = await attempt(stage, records)
  if (!(results instanceof ConnectError)) return results
  if (records.length === 1) return [results]
  const single: Transformed[] = []
  for (const record of records) {
    const result = await attempt(stage, [record])
    single.push(result instanceof ConnectError ? result : (result[0] ?? null))
  }
  return single
}

async function attempt(stage: TransformStage, records: readonly ConnectRecord[]): Promise<readonly Transformed[] | ConnectError> {
  let results: readonly (ConnectRecord | null)[]
  try {
    results = await stage.transform.apply(records)
  } catch (cause) {
    return failed(stage, records[0]!, cause)
  }
  if (Array.isArray(results) && results.length === records.length) return results
  const found = Array.isArray(results) ? `${results.length} results` : 'no list'
  throw new ConnectError(
    'TRANSFORM_BROKEN',
    `transforms.${stage.alias} (${stage.type}) returned ${found} for ${records.length} records; it must return one result per record, null for those it drops`,
    { kind: 'fatal', stage: 'transform' },
  )
}

function failed({ alias, type }: TransformStage, record: ConnectRecord, cause: unknown): ConnectError {
  const where = [record.topic, record.partition, record.offset].filter(known => known != null).join('/')
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new ConnectError('TRANSFORM_FAILED', `transforms.${alias} (${type}) failed for a record of ${where}: ${reason}`, {
    kind: cause instanceof ConnectError && cause.retriable ? 'retriable' : 'fatal',
    stage: 'transform',
    cause,
    className: type,
  })
}
