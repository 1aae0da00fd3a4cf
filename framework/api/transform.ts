import type { MaybePromise } from './converter.ts'
import type { ConnectRecord } from './data-record.ts'

type Properties = Readonly<Record<string, string>>

/**
 * One function over a batch of records, made once per task from the class that `transforms.<alias>.type` names. `configure`, where there is one,
 * is called once before all else with the properties below its alias; `close` when the task ends.
 */
export interface Transform {
  /**
   * One result per record, in their order: the record itself, another one, or null to drop it. Must not change the records it is given. When it
   * throws, the records of the batch are given to it again one by one, to find those it cannot take: they alone have failed.
   */
  apply(records: readonly ConnectRecord[]): MaybePromise<readonly (ConnectRecord | null)[]>
  configure?(properties: Properties): void
  close?(): MaybePromise<void>
}

/** Decides which records a transform is for: `predicates.<alias>.type`. */
export interface Predicate {
  test(record: ConnectRecord): boolean
  configure?(properties: Properties): void
  close?(): MaybePromise<void>
}

/**
 * A transform from a function, to be exported from the module that a configuration names:
 *
 *     export default transformBatch((records, properties) => records.map(record => (record.value === null ? null : record)))
 */
export function transformBatch(
  apply: (records: readonly ConnectRecord[], properties: Properties) => MaybePromise<readonly (ConnectRecord | null)[]>,
): new () => Transform {
  return class implements Transform {
    #properties: Properties = {}

    configure(properties: Properties): void {
      this.#properties = properties
    }

    apply(records: readonly ConnectRecord[]): MaybePromise<readonly (ConnectRecord | null)[]> {
      return apply(records, this.#properties)
    }
  }
}

/** The same from a function of one record. */
export function transformEach(
  apply: (record: ConnectRecord, properties: Properties) => ConnectRecord | null,
): new () => Transform {
  return transformBatch((records, properties) => records.map(record => apply(record, properties)))
}
