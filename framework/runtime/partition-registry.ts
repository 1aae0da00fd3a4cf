import { Subject } from 'rxjs'
import type { SourcePartition } from '../api/index.ts'
import { partitionKey } from '../storage/partition-key.ts'
import { NOTICE_MS, PartitionEntry, type Side } from './partition-entry.ts'
import type { PartitionEvent } from './partition-events.ts'
import { TaskTotals } from './task-totals.ts'

/** What a task sees of the registry. */
export interface TaskPartitions {
  /** The entry of a partition, made on first use and owned by the task from then on. Keep it where speed matters. */
  entry(partition: SourcePartition): PartitionEntry
  readonly totals: TaskTotals
}

export interface PartitionHappening {
  readonly entry: PartitionEntry
  readonly event: PartitionEvent
}

/** Times that a side began to make no progress, by the code of the error. */
export interface RetryCount {
  readonly side: Side
  readonly code: string
  count: number
}

/** What partitions have done together. */
export interface PartitionTotals {
  /** Acknowledged. */
  readonly records: number
  readonly bytes: number
  /** That the source had no more before they were read. */
  readonly lostRecords: number
}

/** The source partitions of one connector. Counters survive restarts and reassignments of its tasks. */
export class PartitionRegistry {
  readonly #entries = new Map<string, PartitionEntry>()
  readonly #totals = new Map<string, TaskTotals>()
  readonly #retries = new Map<string, RetryCount>()
  readonly #changes = new Subject<PartitionEntry>()
  readonly #events = new Subject<PartitionHappening>()
  /** What is out of the ordinary about a partition, as it happens. */
  readonly event$ = this.#events.asObservable()
  /** Each change of a state; counters change without notice. */
  readonly change$ = this.#changes.asObservable()
  readonly #noticeMs: number

  /** @param noticeMs how long a loss at the source is shown as the partition's state */
  constructor(noticeMs: number = NOTICE_MS) {
    this.#noticeMs = noticeMs
  }

  claim(partition: SourcePartition, taskId: string): PartitionEntry {
    const key = partitionKey(partition)
    let entry = this.#entries.get(key)
    if (entry === undefined) {
      entry = new PartitionEntry(
        partition,
        changed => this.#changes.next(changed),
        (side, code) => this.#countRetry(side, code),
        (happenedTo, event) => this.#events.next({ entry: happenedTo, event }),
        this.#noticeMs,
      )
      this.#entries.set(key, entry)
    }
    if (entry.owner !== taskId) {
      entry.owner = taskId
      entry.starting()
    }
    return entry
  }

  /** The task stopped: it owns nothing any more. */
  release(taskId: string): void {
    for (const entry of this.#entries.values()) if (entry.owner === taskId) entry.owner = undefined
  }

  /** Every partition that ever was, its counters included. */
  entries(): Iterable<PartitionEntry> {
    return this.#entries.values()
  }

  /** Of every partition that ever was, whether a task owns it or not. */
  totals(): PartitionTotals {
    let records = 0
    let bytes = 0
    let lostRecords = 0
    for (const entry of this.#entries.values()) {
      records += entry.records
      bytes += entry.bytes
      lostRecords += entry.gapRecords
    }
    return { records, bytes, lostRecords }
  }

  ownedBy(taskId: string): PartitionEntry[] {
    return [...this.#entries.values()].filter(entry => entry.owner === taskId)
  }

  view(taskId: string): TaskPartitions {
    return { entry: partition => this.claim(partition, taskId), totals: this.totalsOf(taskId) }
  }

  /** Live. */
  totalsOf(taskId: string): TaskTotals {
    let totals = this.#totals.get(taskId)
    if (totals === undefined) {
      totals = new TaskTotals()
      this.#totals.set(taskId, totals)
    }
    return totals
  }

  /** Live. */
  get retries(): Iterable<RetryCount> {
    return this.#retries.values()
  }

  #countRetry(side: Side, code: string): void {
    const key = `${side} ${code}`
    const counted = this.#retries.get(key)
    if (counted === undefined) this.#retries.set(key, { side, code, count: 1 })
    else counted.count++
  }
}
