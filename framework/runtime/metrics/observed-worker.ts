import type { WorkerStatus } from '../status.ts'

/** A worker as its metrics see it. */
export interface ObservedWorker {
  /** Label of a worker of which there are several in a process: `A->B`. Absent = no such label. */
  readonly flow?: string
  /** Asked at each collection. */
  status(): WorkerStatus
}
