import { Observable, Subject } from 'rxjs'
import { type SinkAck, type SinkBatch, SinkTask, type SinkTaskContext } from '../../../../framework/index.ts'
import { SinkHarness, type SinkHarnessOptions } from '../../../../framework/testing/index.ts'

/** Leaves the acknowledging to the test. */
export class Manual extends SinkTask {
  readonly acks = new Subject<SinkAck>()
  readonly batches: SinkBatch[] = []
  readonly told: string[] = []
  context!: SinkTaskContext
  onFlush: () => void = () => undefined
  onOpen: () => void = () => undefined

  override async start(context: SinkTaskContext): Promise<void> {
    this.context = context
  }

  override deliver(batch$: Observable<SinkBatch>): Observable<SinkAck> {
    return new Observable(subscriber => {
      subscriber.add(this.acks.subscribe(subscriber))
      subscriber.add(batch$.subscribe({ next: batch => this.batches.push(batch), complete: () => subscriber.complete() }))
    })
  }

  override async open(partitions: readonly { topic: string }[]): Promise<void> {
    this.told.push(`open ${partitions.map(({ topic }) => topic).join(' ')}`)
    this.onOpen()
  }

  override async flush(partitions: readonly { topic: string }[]): Promise<void> {
    this.told.push(`flush ${partitions.map(({ topic }) => topic).join(' ')}`)
    this.onFlush()
  }

  override async close(partitions: readonly { topic: string }[], reason: string): Promise<void> {
    this.told.push(`${reason} ${partitions.map(({ topic }) => topic).join(' ')}`)
  }

  ack(index: number, rest: Omit<SinkAck, 'batch'> = {}): void {
    this.acks.next({ batch: this.batches[index]!, ...rest })
  }
}

export const manual = async (options: SinkHarnessOptions = {}): Promise<[Manual, SinkHarness]> => {
  const task = new Manual()
  return [task, await SinkHarness.start(task, options)]
}
