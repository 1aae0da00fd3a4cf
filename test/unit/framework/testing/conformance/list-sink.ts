import { setImmediate as turn } from 'node:timers/promises'
import type { Observable } from 'rxjs'
import {
  ConnectError,
  eachBatch,
  type SinkAck,
  type SinkBatch,
  SinkTask,
  type SinkTaskContext,
} from '../../../../../framework/index.ts'
import type { SinkConformanceOptions } from '../../../../../framework/testing/index.ts'

/** What a `ListSink` writes to: values by the place that they came from. */
export class List {
  readonly values = new Map<string, string>()
  /** For sinks that keep their offsets beside the values. */
  readonly offsets = new Map<string, number>()
  isBusy = false

  async write(batch: SinkBatch): Promise<void> {
    const records = batch.records()
    await turn()
    if (this.isBusy) {
      this.isBusy = false
      throw new ConnectError('BUSY', 'the list is busy', { kind: 'retriable', stage: 'deliver' })
    }
    for (const { topic, partition, offset, value } of records) this.values.set(`${topic}-${partition}@${offset}`, String(value))
  }
}

const lists = new Map<string, List>()

export const listOf = (name: string | undefined): List => {
  const list = lists.get(name ?? '')
  if (list === undefined) throw new Error(`there is no list ${name}`)
  return list
}

/** A right sink. Tests break it. */
export class ListSink extends SinkTask {
  protected list = new List()

  override async start({ config }: SinkTaskContext): Promise<void> {
    this.list = listOf(config.list)
  }

  protected readonly each = eachBatch(batch => this.write(batch), { backoff: { initialMs: 1, maxMs: 1 } })

  override deliver(batch$: Observable<SinkBatch>): Observable<SinkAck> {
    return batch$.pipe(this.each)
  }

  protected write(batch: SinkBatch): Promise<void> {
    return this.list.write(batch)
  }
}

let count = 0

/** How the suite is told of a `ListSink`. */
export const listSinkOptions = (create: () => SinkTask): SinkConformanceOptions => ({
  create,
  config: () => {
    const name = `list ${count++}`
    lists.set(name, new List())
    return { list: name }
  },
  read: ({ list }) => [...listOf(list).values.values()],
  interrupt: ({ list }) => {
    listOf(list).isBusy = true
  },
  dispose: ({ list }) => void lists.delete(list ?? ''),
  idempotent: true,
  emptyValues: true,
  badConfig: { list: 'none' },
  promptMs: 200,
  timeoutMs: 300,
})
