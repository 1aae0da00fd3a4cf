import { type OffsetSync, offsetSyncFormat, type StoredRecord } from '../formats/index.ts'
import { PartitionRuns } from '../offset-map/partition-runs.ts'
import { SyncSlots } from './sync-slots.ts'

/** Segments of proven runs kept per partition: about a thousand runs. */
const PROVEN_SEGMENTS = 8

interface Known {
  readonly slots: SyncSlots
  readonly proven: PartitionRuns
}

/**
 * What an offset-syncs topic says, whoever wrote it. Besides MirrorMaker 2's translation it keeps what the pairs of a session prove: between two
 * of equal difference that follow each other in the topic every record has its copy at that difference. Within a session the difference only ever
 * falls, by one for each hole at the source. Pairs of MirrorMaker 2 name no session and prove nothing.
 */
export class OffsetSyncTable {
  readonly #topic: string
  readonly #mustReadToEnd: boolean
  readonly #partitions = new Map<string, Known>()
  #isStarted = false
  #hasReadToEnd = false

  /**
   * @param topic for messages
   * @param mustReadToEnd true = of what was stored before the start only the newest pair of each partition translates, so that no
   * translation is older than one made before a restart; false = the checkpoints written before are known
   */
  constructor(topic: string, mustReadToEnd: boolean) {
    this.#topic = topic
    this.#mustReadToEnd = mustReadToEnd
  }

  /** Everything stored before the start was put in. */
  readToEnd(): void {
    this.#isStarted = true
    this.#hasReadToEnd = true
  }

  /** @throws ConnectError MIRROR_RECORD_MALFORMED */
  put(record: StoredRecord): void {
    const sync = offsetSyncFormat.decode(this.#topic, record)
    if (sync !== null) this.add(sync)
  }

  add(sync: OffsetSync): void {
    const name = `${sync.topic}-${sync.partition}`
    const known = this.#partitions.get(name)
    if (known === undefined) {
      const proven = new PartitionRuns()
      proven.begin(sync.upstreamOffset)
      proven.append(sync.upstreamOffset, 1, sync.downstreamOffset)
      this.#partitions.set(name, { slots: new SyncSlots(sync), proven })
      return
    }
    prove(known.proven, known.slots.newest, sync)
    if (!this.#hasReadToEnd && this.#mustReadToEnd) known.slots.restart(sync)
    else known.slots.add(sync)
  }

  /**
   * As MirrorMaker 2 translates: after the last pair at or before it.
   * Null = not started, or no pair of this partition; -1 = older than every pair.
   */
  translateDownstream(topic: string, partition: number, upstreamOffset: number): number | null {
    if (!this.#isStarted) return null
    return this.slots(topic, partition)?.translate(upstreamOffset) ?? null
  }

  slots(topic: string, partition: number): SyncSlots | null {
    return this.#partitions.get(`${topic}-${partition}`)?.slots ?? null
  }

  /** Runs between pairs of equal difference. */
  proven(topic: string, partition: number): PartitionRuns | null {
    return this.#partitions.get(`${topic}-${partition}`)?.proven ?? null
  }
}

type Pair = Pick<OffsetSync, 'upstreamOffset' | 'downstreamOffset' | 'session'>

function prove(runs: PartitionRuns, before: Pair, { upstreamOffset, downstreamOffset, session }: Pair): void {
  const records = upstreamOffset - before.upstreamOffset
  const isRepeated = records === 0 && downstreamOffset === before.downstreamOffset
  if (isRepeated) return
  const isGoingOn = session !== undefined && session === before.session
  if (isGoingOn && records > 0 && downstreamOffset - before.downstreamOffset === records) {
    runs.append(before.upstreamOffset + 1, records, before.downstreamOffset + 1)
  } else {
    runs.begin(upstreamOffset)
    runs.append(upstreamOffset, 1, downstreamOffset)
  }
  const { segments } = runs
  const oldestKept = segments[segments.length - PROVEN_SEGMENTS]
  if (oldestKept !== undefined) runs.prune(oldestKept.start(0))
}
