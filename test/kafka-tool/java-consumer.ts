import type { SeenRecord } from './bridge-types.ts'

/** A member of a consumer group in the JVM of the bridge. */
export interface JavaConsumer {
  /** What it has read so far, in order per partition. */
  readonly records: readonly SeenRecord[]
  /** When it has ended and left the group: how many records it has read and committed. */
  readonly done: Promise<number>
  /** Resolves once it has read so many; rejects when it ends before, and after 30 s. */
  awaitRecords(count: number): Promise<void>
  /** Commits what was told of, leaves the group. */
  stop(): Promise<number>
}

/** As Consume.java tells of a record: topic, partition, offset, value in base 64. */
export type WireSeen = readonly [string, number, number, string | null]

const DEADLINE_MS = 30_000

/** Records as they come, and those who wait for them. */
export class SeenRecords {
  readonly records: SeenRecord[] = []
  readonly #waiting = new Set<{ readonly count: number; resolve(): void; reject(error: Error): void }>()
  #ended: Error | null = null

  add([topic, partition, offset, value]: WireSeen): void {
    this.records.push({ topic, partition, offset, value: value === null ? null : Buffer.from(value, 'base64').toString('utf8') })
    for (const waiting of this.#waiting) if (this.records.length >= waiting.count) waiting.resolve()
  }

  end(error = new Error(`the consumer ended after ${this.records.length} records`)): void {
    this.#ended = error
    for (const waiting of this.#waiting) waiting.reject(error)
  }

  awaitRecords(count: number): Promise<void> {
    if (this.records.length >= count) return Promise.resolve()
    if (this.#ended !== null) return Promise.reject(this.#ended)
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(timer)
        this.#waiting.delete(waiting)
        finish()
      }
      const timer = setTimeout(
        () => waiting.reject(new Error(`${this.records.length} of ${count} records within ${DEADLINE_MS} ms`)),
        DEADLINE_MS,
      )
      const waiting = {
        count,
        resolve: () => settle(resolve),
        reject: (error: Error) => settle(() => reject(error)),
      }
      this.#waiting.add(waiting)
    })
  }
}
