import { Observable, tap } from 'rxjs'
import {
  type CloseReason,
  type SinkAck,
  type SinkBatch,
  type SinkPartition,
  SinkTask,
  type SinkTaskContext,
} from '../../api/index.ts'

/** Passes everything on to the task, and notes what it answers. */
export class WatchedSink extends SinkTask {
  readonly given = new Set<SinkBatch>()
  readonly acks: SinkAck[] = []
  /** Subscriptions to the batches at present. */
  listening = 0
  /** Where the task wants to go on, by `topic-partition`. */
  readonly seeks = new Map<string, number>()
  isStopped = false
  readonly #task: SinkTask

  constructor(task: SinkTask) {
    super()
    this.#task = task
  }

  override start(context: SinkTaskContext): Promise<void> {
    const seek = (partition: SinkPartition, offset: number): void => {
      this.seeks.set(`${partition.topic}-${partition.partition}`, offset)
      context.seek(partition, offset)
    }
    return this.#task.start(Object.create(context, { seek: { value: seek } }) as SinkTaskContext)
  }

  override deliver(batch$: Observable<SinkBatch>): Observable<SinkAck> {
    const watched$ = new Observable<SinkBatch>(subscriber => {
      this.listening++
      subscriber.add(() => this.listening--)
      subscriber.add(batch$.pipe(tap(batch => this.given.add(batch))).subscribe(subscriber))
    })
    return this.#task.deliver(watched$).pipe(tap(ack => this.acks.push(ack)))
  }

  override async open(partitions: readonly SinkPartition[]): Promise<void> {
    await this.#task.open?.(partitions)
  }

  override async flush(partitions: readonly SinkPartition[], signal: AbortSignal): Promise<void> {
    await this.#task.flush?.(partitions, signal)
  }

  override async close(partitions: readonly SinkPartition[], reason: CloseReason): Promise<void> {
    await this.#task.close?.(partitions, reason)
  }

  override async stop(): Promise<void> {
    await this.#task.stop?.()
    this.isStopped = true
  }
}
