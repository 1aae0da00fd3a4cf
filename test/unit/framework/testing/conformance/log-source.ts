import { EventEmitter, once } from 'node:events'
import type { Observable } from 'rxjs'
import {
  connectRecord,
  type Demand,
  pollWith,
  type SourceBatch,
  type SourcePart,
  SourceTask,
  type SourceTaskContext,
} from '../../../../../framework/index.ts'
import type { SourceConformanceOptions } from '../../../../../framework/testing/index.ts'

/** What a `LogSource` reads: texts that are appended. */
export class Log {
  readonly texts: string[] = []
  readonly changed = new EventEmitter()

  append(count: number): void {
    for (let i = 0; i < count; i++) this.texts.push(`text ${this.texts.length}`)
    this.changed.emit('more')
  }
}

const logs = new Map<string, Log>()

export const logOf = (name: string | undefined): Log => {
  const log = logs.get(name ?? '')
  if (log === undefined) throw new Error(`there is no log ${name}`)
  return log
}

/** A right source: waits for more, and goes on behind the stored offset. Tests break it. */
export class LogSource extends SourceTask {
  protected log = new Log()
  protected next = 0
  protected readonly partition: { readonly log: string } = { log: 'it' }

  override async start({ config, offsets }: SourceTaskContext): Promise<void> {
    this.log = logOf(config.log)
    const [stored] = await offsets([this.partition])
    this.next = Number(stored?.next ?? 0)
  }

  override batches(demand$: Observable<Demand>): Observable<SourceBatch> {
    return demand$.pipe(pollWith(demand => this.poll(demand)))
  }

  protected async poll({ maxRecords, signal }: Demand): Promise<readonly SourcePart[]> {
    while (this.next >= this.log.texts.length && !signal.aborted) await this.more(signal)
    const texts = this.log.texts.slice(this.next, this.next + maxRecords)
    this.next += texts.length
    return texts.length === 0 ? [] : [this.partOf(texts)]
  }

  protected partOf(texts: readonly string[]): SourcePart {
    const records = texts.map(value => connectRecord({ topic: 'texts', value }))
    return { sourcePartition: this.partition, sourceOffset: { next: this.next }, records }
  }

  protected async more(signal: AbortSignal): Promise<void> {
    await once(this.log.changed, 'more', { signal }).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error
    })
  }
}

let count = 0

/** How the suite is told of a `LogSource`. */
export const logSourceOptions = (create: () => SourceTask): SourceConformanceOptions => ({
  create,
  config: () => {
    const name = `log ${count++}`
    logs.set(name, new Log())
    return { log: name }
  },
  produce: (records, config) => logOf(config.log).append(records),
  dispose: config => void logs.delete(config.log ?? ''),
  badConfig: { log: 'none' },
  promptMs: 150,
  timeoutMs: 300,
})
