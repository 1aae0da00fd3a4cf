import { Observable, tap } from 'rxjs'
import {
  type ConnectError,
  type Demand,
  type OffsetReader,
  type SourceAck,
  type SourceBatch,
  type SourcePartition,
  SourceTask,
  type SourceTaskContext,
} from '../../api/index.ts'

/** Passes everything on to the task, and counts. */
export class WatchedSource extends SourceTask {
  demands = 0
  answers = 0
  /** Of demand$, at all and at present. */
  subscriptions = 0
  listening = 0
  /** What a callback of the task threw, with its name. */
  readonly thrown: string[] = []
  hasAskedOffsets = false
  isStopped = false
  readonly #task: SourceTask

  constructor(task: SourceTask) {
    super()
    this.#task = task
  }

  get canThrottle(): boolean {
    return this.#task.throttle !== undefined
  }

  override start(context: SourceTaskContext): Promise<void> {
    const offsets: OffsetReader = partitions => {
      this.hasAskedOffsets = true
      return context.offsets(partitions)
    }
    return this.#task.start({ ...context, offsets })
  }

  override batches(demand$: Observable<Demand>): Observable<SourceBatch> {
    const watched$ = new Observable<Demand>(subscriber => {
      this.subscriptions++
      this.listening++
      subscriber.add(() => this.listening--)
      subscriber.add(demand$.pipe(tap(() => this.demands++)).subscribe(subscriber))
    })
    return this.#task.batches(watched$).pipe(tap(() => this.answers++))
  }

  override acknowledged(ack: SourceAck): void {
    this.#attempt('acknowledged', () => this.#task.acknowledged?.(ack))
  }

  override refused(partition: SourcePartition, error: ConnectError): void {
    this.#attempt('refused', () => this.#task.refused?.(partition, error))
  }

  override throttle(partition: SourcePartition, state: 'paused' | 'resumed'): void {
    this.#attempt('throttle', () => this.#task.throttle?.(partition, state))
  }

  override async commit(signal: AbortSignal): Promise<void> {
    await this.#task.commit?.(signal)
  }

  override async stop(): Promise<void> {
    await this.#task.stop?.()
    this.isStopped = true
  }

  #attempt(name: string, call: () => void): void {
    try {
      call()
    } catch (error) {
      this.thrown.push(`${name}() threw ${String(error)}`)
    }
  }
}
