import { BehaviorSubject, firstValueFrom, type Observable, Subject } from 'rxjs'
import type { FlowRunner } from '../../../../../connectors/mirror/dedicated/flow-runner.ts'
import type {
  ClosableOffsetStore,
  FlowConnector,
  FlowMember,
  FlowRole,
  FlowServices,
} from '../../../../../connectors/mirror/dedicated/flow-services.ts'
import type { FlowState } from '../../../../../connectors/mirror/dedicated/flow-status.ts'
import { FlowObservations } from '../../../../../connectors/mirror/observe/flow-observations.ts'
import {
  type ConnectorContext,
  type Demand,
  type SourceBatch,
  SourceConnector,
  type SourcePartition,
  SourceTask,
  type SourceTaskContext,
} from '../../../../../framework/api/index.ts'
import { ConnectionError } from '../../../../../framework/kafka/client-errors.ts'
import type { GroupMemberState } from '../../../../../framework/kafka/group-member.ts'
import { defaultSourceTaskSettings, type PartWriter, type RuntimeTaskContext } from '../../../../../framework/runtime/index.ts'
import { MemoryOffsetStore } from '../../../../../framework/storage/memory-offset-store.ts'
import type { OffsetEntry } from '../../../../../framework/storage/offset-store.ts'
import { encoded, MemoryLogger, MemoryPartWriter } from '../../../../../framework/testing/index.ts'

const UNTIL_MS = 10_000

export const PARTITION = { cluster: 'A', partition: 0, topic: 't' }

export class FakeMember implements FlowMember {
  readonly state$ = new BehaviorSubject<GroupMemberState>({ kind: 'joining' })
  hasLeft = false
  trouble: unknown

  get isActive(): boolean {
    return !this.state$.hasError && this.state$.value.kind === 'active'
  }

  async leave(): Promise<void> {
    this.hasLeft = true
    this.state$.next({ kind: 'left' })
  }
}

class FakeTask extends SourceTask {
  readonly batch$ = new Subject<SourceBatch>()
  readonly #partitions: readonly SourcePartition[]

  constructor(partitions: readonly SourcePartition[]) {
    super()
    this.#partitions = partitions
  }

  async start(context: SourceTaskContext): Promise<void> {
    for (const partition of this.#partitions) (context as RuntimeTaskContext).partitions.entry(partition)
  }

  batches(demand$: Observable<Demand>): Observable<SourceBatch> {
    demand$.subscribe({ complete: () => this.batch$.complete() })
    return this.batch$
  }

  emit(offset: number): void {
    this.batch$.next({ parts: [{ sourcePartition: PARTITION, sourceOffset: { offset }, records: encoded('A.t', 0, 10, 100) }] })
  }
}

/** What a flow runs on, each answer in the hands of the test. */
export class FakeFlow implements FlowServices {
  readonly name: string
  readonly source = 'A'
  readonly target = 'B'
  readonly observations = new FlowObservations()
  role: FlowRole = 'copy'
  partitions: readonly SourcePartition[] = [PARTITION]
  readonly main: FlowConnector
  readonly companions: FlowConnector[] = []
  readonly gracefulTimeoutMs = 1_000
  readonly logger = new MemoryLogger()
  readonly members: FakeMember[] = []
  readonly tasks: FakeTask[] = []
  readonly writers: MemoryPartWriter[] = []
  readonly saved: (readonly OffsetEntry[])[] = []
  readonly down = new Set<'source' | 'target'>()
  connectorError: Error | undefined
  offsetsError: Error | undefined
  openStores = 0
  isClosed = false

  constructor(name = 'A->B') {
    this.name = name
    this.main = this.connector('MirrorSourceConnector', () => this.connectorError)
  }

  /** @param errorOf what its start fails with */
  connector(name: string, errorOf: () => Error | undefined): FlowConnector {
    const settings = { ...defaultSourceTaskSettings, gracefulTimeoutMs: this.gracefulTimeoutMs, flushIntervalMs: 60_000 }
    const services = { createWriter: this.createWriter, encodeRecords: () => [], settings }
    const createConnector = () => new FakeConnector(this, errorOf)
    return { name, offsetsName: name, config: {}, maxTasks: 1, createConnector, services }
  }

  get member(): FakeMember {
    return this.members.at(-1)!
  }

  async reach(side: 'source' | 'target'): Promise<void> {
    if (this.down.has(side)) throw new ConnectionError('CONNECT_FAILED', `no broker of the ${side}`)
  }

  join(signal: AbortSignal): FlowMember {
    const member = new FakeMember()
    this.members.push(member)
    signal.addEventListener('abort', () => member.state$.next({ kind: 'left' }))
    return member
  }

  async openOffsets(): Promise<ClosableOffsetStore> {
    if (this.offsetsError !== undefined) throw this.offsetsError
    this.openStores++
    const store = new MemoryOffsetStore()
    const opened = {
      load: (partitions: readonly SourcePartition[]) => store.load(partitions),
      save: async (entries: readonly OffsetEntry[]) => {
        this.saved.push(entries)
      },
      close: async () => {
        this.openStores--
      },
    }
    return { ...opened, forConnector: () => opened }
  }

  readonly createWriter = async (): Promise<PartWriter> => {
    const writer = new MemoryPartWriter({ mode: 'manual' })
    this.writers.push(writer)
    return writer
  }

  async close(): Promise<void> {
    this.isClosed = true
  }
}

class FakeConnector extends SourceConnector {
  readonly definition = {}
  readonly #flow: FakeFlow
  readonly #errorOf: () => Error | undefined

  constructor(flow: FakeFlow, errorOf: () => Error | undefined) {
    super()
    this.#flow = flow
    this.#errorOf = errorOf
  }

  async start(_context: ConnectorContext): Promise<void> {
    const error = this.#errorOf()
    if (error !== undefined) throw error
  }

  async taskConfigs(): Promise<readonly Record<string, string>[]> {
    return [{}]
  }

  createTask(): SourceTask {
    const task = new FakeTask(this.#flow.partitions)
    this.#flow.tasks.push(task)
    return task
  }
}

/** Resolves when the flow is in that state. */
export async function reached(flow: FlowRunner, state: FlowState): Promise<void> {
  while (flow.status().state !== state) await firstValueFrom(flow.change$)
}

/** Resolves when the condition holds, looked at after each turn of the event loop. */
export async function until(condition: () => boolean): Promise<void> {
  const endsAtMs = performance.now() + UNTIL_MS
  while (!condition()) {
    if (performance.now() > endsAtMs) throw new Error(`not within ${UNTIL_MS} ms: ${condition}`)
    await new Promise(resolve => setImmediate(resolve))
  }
}
