import { ConnectError, type Logger } from '../../../framework/api/index.ts'
import { sleep } from '../../../framework/flow/index.ts'
import type { ClusterSide } from './cluster-side.ts'
import type { ControlGroup } from './control-group.ts'
import { readMoveRecord } from './move-record.ts'
import type { Placement } from './placement.ts'
import type { TopicPair } from './topic-pairs.ts'

export interface MoveRecordsOptions {
  readonly controlGroup: string
  readonly sides: ReadonlyMap<string, ClusterSide>
  readonly pairs: readonly TopicPair[]
  readonly logger: Logger
}

const ATTEMPTS = 10
const RETRY_MS = 300

/** What is stored about moves on both clusters. */
export class MoveRecords {
  readonly #options: MoveRecordsOptions
  readonly #epochs = new Map<string, number>()

  constructor(options: MoveRecordsOptions) {
    this.#options = options
  }

  async read(alias: string): Promise<Placement | null> {
    const { sides, controlGroup } = this.#options
    const side = sides.get(alias)
    const record = side === undefined ? null : await readMoveRecord(side.cluster, controlGroup)
    this.#epochs.set(alias, record?.epoch ?? 0)
    return record
  }

  /** Whether a cluster has not been told of this move. */
  lacks(alias: string, { epoch }: Placement): boolean {
    return epoch > (this.#epochs.get(alias) ?? 0)
  }

  /** Rejects, retriably, when the control group's member has lost its generation, or none of the topics exists there yet. */
  async write(alias: string, control: ControlGroup, placement: Placement): Promise<void> {
    const { sides, pairs } = this.#options
    const names = pairs.flatMap(({ names }) => names[alias] ?? [])
    const [topic] = (await sides.get(alias)?.existing(names)) ?? []
    if (topic === undefined) {
      const message = `none of ${names.join(', ')} exists on ${alias}`
      throw new ConnectError('TOPIC_MISSING', message, { kind: 'retriable', stage: 'discovery' })
    }
    await control.store(topic, placement)
    this.#epochs.set(alias, placement.epoch)
  }

  /** The same, but false where it cannot be done now: a later round makes up for it. */
  async tryWrite(alias: string, control: ControlGroup, placement: Placement): Promise<boolean> {
    try {
      await this.write(alias, control, placement)
      return true
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error
      const message = `Move ${placement.epoch} is to be stored on ${alias} in a later round: ${error.message}`
      this.#options.logger.debug({ err: error }, message)
      return false
    }
  }

  /**
   * On the cluster that is left, before anybody consumes on the other one: were all members to end now, a stay long ago would be taken for the
   * present. Tries a few times.
   */
  async writeSoon(alias: string, control: ControlGroup, placement: Placement, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS && !signal.aborted; attempt++) {
      if (await this.tryWrite(alias, control, placement)) return
      await sleep(RETRY_MS, signal)
    }
  }
}
