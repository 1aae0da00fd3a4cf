import {
  ConnectError,
  type Demand,
  type SourceAck,
  type SourcePart,
  type SourcePartition,
  SourceTask,
  type SourceTaskContext,
} from '../../../framework/api/index.ts'
import { deferred, pollWith, sleep } from '../../../framework/flow/index.ts'
import { inComponent } from '../../../framework/telemetry/index.ts'
import { Windowed } from '../../../framework/telemetry/metrics/index.ts'
import type { GroupFilter, ReplicationPolicy, TopicFilter } from '../../../policies/index.ts'
import { FlowObservations } from '../observe/flow-observations.ts'
import type { RunReporter } from '../observe/run-health.ts'
import { checkpointBatch, inBatches } from './checkpoint-batch.ts'
import { CheckpointRun } from './checkpoint-run.ts'
import { observedGroups } from './observed-groups.ts'
import type { TrackedPartition } from './tracked-group.ts'

/** All configured already. */
export interface MirrorCheckpointDependencies {
  readonly policy: ReplicationPolicy
  readonly topicFilter: TopicFilter
  readonly groupFilter: GroupFilter
  /** What the task shows of groups while it runs. */
  readonly observations?: FlowObservations
}

const OFFSET = { offset: 0 } as const

/**
 * Writes where consumer groups of the source would go on at the target, each time that this changes, and sets groups of the target to it
 * where asked to. The offsets it stores say nothing and are never read, as those of MirrorMaker 2's checkpoints.
 */
export class MirrorCheckpointTask extends SourceTask {
  readonly batches = pollWith(demand => this.#poll(demand), { idleMs: 0, onRetry: error => this.#run?.retrying(error) })
  readonly #dependencies: MirrorCheckpointDependencies
  readonly #underway = new Map<SourcePart, { readonly checkpoints: readonly TrackedPartition[]; readonly madeAt: number }>()
  readonly #observations: FlowObservations
  readonly #writing: RunReporter
  #run: CheckpointRun | null = null
  #queue: (readonly TrackedPartition[])[] = []
  #dueAtMs = 0
  #refusal: ConnectError | null = null
  /** Resolves when nothing is under way any more. */
  #written = deferred()

  constructor(dependencies: MirrorCheckpointDependencies) {
    super()
    this.#dependencies = dependencies
    this.#observations = dependencies.observations ?? new FlowObservations()
    this.#writing = this.#observations.runs.reporter('writing checkpoints')
  }

  /** Returns at once: what has to be read first is read before the first checkpoint. */
  async start(given: SourceTaskContext): Promise<void> {
    const context = { ...given, logger: inComponent(given.logger, 'isthmus.mirror.checkpoint') }
    const run = new CheckpointRun(context, this.#dependencies)
    this.#run = run
    this.#observations.show({ groups: () => observedGroups(run.groups), sync: () => run.syncReport })
  }

  async #poll(demand: Demand): Promise<readonly SourcePart[]> {
    if (this.#refusal !== null) throw this.#refusal
    const run = this.#running()
    if (this.#queue.length === 0) {
      await this.#awaitRound(demand.signal)
      if (demand.signal.aborted) return []
      await run.sync()
      if (performance.now() < this.#dueAtMs) return []
      this.#dueAtMs = performance.now() + run.intervalMs
      this.#queue = [...inBatches(await run.next(demand.signal))]
    }
    const now = Date.now()
    let bytes = 0
    const parts: SourcePart[] = []
    while (this.#queue.length > 0 && bytes < demand.maxBytes) {
      const checkpoints = this.#queue.shift() ?? []
      const records = checkpointBatch(run.topic, checkpoints, now)
      const part = { sourcePartition: run.sourcePartition, sourceOffset: OFFSET, records }
      this.#underway.set(part, { checkpoints, madeAt: now })
      parts.push(part)
      bytes += records.bytes.length
    }
    return parts
  }

  /** A checkpoint counts once it is stored: what did not get there is written again. */
  override acknowledged({ part }: SourceAck): void {
    const { checkpoints = [], madeAt = 0 } = this.#underway.get(part) ?? {}
    const [latency, now] = [Date.now() - madeAt, performance.now()]
    for (const partition of checkpoints) {
      partition.latency ??= new Windowed()
      partition.latency.record(latency, latency, now)
      partition.checkpoint = partition.pending
      partition.pending = null
    }
    this.#writing.succeeded()
    this.#underway.delete(part)
    if (this.#underway.size === 0) this.#written.resolve()
  }

  /** Fails the task, so that it is tried again: rights may be granted. */
  override refused(_partition: SourcePartition, error: ConnectError): void {
    this.#refusal = error
    this.#writing.failed(error)
  }

  override async stop(): Promise<void> {
    this.#observations.show(undefined)
    await this.#run?.close()
  }

  /** Resolves when the next round is due; sooner if groups of the target wait to be set, once nothing is being written any more. */
  async #awaitRound(signal: AbortSignal): Promise<void> {
    const isSyncDue = this.#run?.isSyncDue === true
    if (isSyncDue && this.#underway.size === 0) return
    this.#written = deferred()
    const written = new AbortController()
    const due = sleep(Math.max(0, this.#dueAtMs - performance.now()), AbortSignal.any([signal, written.signal]))
    await (isSyncDue ? Promise.race([due, this.#written.promise]) : due)
    written.abort()
    await due
  }

  #running(): CheckpointRun {
    if (this.#run !== null) return this.#run
    throw new ConnectError('INTERNAL', 'the task is not started', { kind: 'fatal', stage: 'poll' })
  }
}
