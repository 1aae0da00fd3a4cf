import {
  type ConnectError,
  type Demand,
  type SourcePart,
  type SourcePartition,
  SourceTask,
  type SourceTaskContext,
} from '../../../framework/api/index.ts'
import { parseConfig } from '../../../framework/config/parse.ts'
import { pollWith, sleep } from '../../../framework/flow/index.ts'
import { heartbeatDefinition } from '../config/heartbeat-config.ts'
import { heartbeatFormat } from '../formats/index.ts'
import { FlowObservations } from '../observe/flow-observations.ts'
import type { RunReporter } from '../observe/run-health.ts'

/** For an interval of 0, which MirrorMaker 2 takes for as fast as it can. */
const SHORTEST_MS = 100

/** One heartbeat per interval, the first after one. Its stored offsets say nothing and are never read: MirrorMaker 2 has them too. */
export class MirrorHeartbeatTask extends SourceTask {
  readonly batches = pollWith(demand => this.#beat(demand))
  readonly #topic: string
  #aliases: Aliases | undefined
  #intervalMs = 0
  #refusal: ConnectError | undefined

  readonly #writing: RunReporter

  /** @param observations told how writing goes */
  constructor(topic: string, observations: Pick<FlowObservations, 'runs'> = new FlowObservations()) {
    super()
    this.#topic = topic
    this.#writing = observations.runs.reporter('writing heartbeats')
  }

  async start(context: SourceTaskContext): Promise<void> {
    const config = parseConfig(heartbeatDefinition, context.config)
    this.#intervalMs = Math.max(SHORTEST_MS, config['emit.heartbeats.interval.seconds'] * 1000)
    this.#aliases = { sourceClusterAlias: config['source.cluster.alias'], targetClusterAlias: config['target.cluster.alias'] }
  }

  /** Fails the task, so that it is tried again: rights may be granted, a topic made larger. */
  override refused(_partition: SourcePartition, error: ConnectError): void {
    this.#refusal = error
    this.#writing.failed(error)
  }

  override acknowledged(): void {
    this.#writing.succeeded()
  }

  async #beat({ signal }: Demand): Promise<readonly SourcePart[]> {
    await sleep(this.#intervalMs, signal)
    if (this.#refusal !== undefined) throw this.#refusal
    if (signal.aborted || this.#aliases === undefined) return []
    const timestamp = Date.now()
    const entry = heartbeatFormat.encode({ ...this.#aliases, timestamp })
    const record = { ...entry, topic: this.#topic, partition: 0, headers: [], timestamp }
    return [{ sourcePartition: this.#aliases, sourceOffset: { offset: 0 }, records: [record] }]
  }
}

/** In this order, which is that of MirrorMaker 2's stored offsets. */
type Aliases = SourcePartition & { readonly sourceClusterAlias: string; readonly targetClusterAlias: string }
