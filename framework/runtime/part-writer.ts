import type { ConnectError, EncodedRecords } from '../api/index.ts'

/** Appends parts to target partitions. */
export interface PartWriter {
  /**
   * Queues a part in the lane of its target partition; order is kept per lane; never blocks (the byte window bounds what is queued).
   * Exactly one of `acked` and `refused` is called per part, later, asynchronously.
   */
  append(part: EncodedRecords, callbacks: PartCallbacks, token: unknown): void
  /** Resolves once all appended parts are resolved. */
  flush(signal?: AbortSignal): Promise<void>
  /** Drops what is queued and closes. */
  close(): Promise<void>
}

/** One object per task, not per part: `token` comes back as it was given. */
export interface PartCallbacks {
  acked(token: unknown, topic: string, partition: number, baseOffset: number, count: number): void
  /** Kind `partition`: that part can never be written. Kind `fatal`: the writer is dead. */
  refused(token: unknown, error: ConnectError): void
  /** Whether a record of this part that the target will never take may be left out. Absent = none may. */
  mayLeaveOut?(token: unknown): boolean
  /** One was; `acked` follows once the others of the part are written. */
  leftOut?(token: unknown, topic: string, partition: number, error: ConnectError): void
  laneState(topic: string, partition: number, state: 'retrying' | 'flowing', cause?: ConnectError): void
}
