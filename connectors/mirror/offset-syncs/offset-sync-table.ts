import { type OffsetSync, offsetSyncFormat, type StoredRecord } from '../formats/index.ts'
import { PartitionRuns } from '../offset-map/partition-runs.ts'
import { SyncSlots } from './sync-slots.ts'

/** Segments of proven runs kept per partition: about a thousand runs. */
const PROVEN_SEGMENTS = 8

interface Known {
  readonly slots: SyncSlots
  proven: PartitionRuns
  /** Pairs that name no session have shown a hole at the source. */
  hasHoles: boolean
}

/**
 * What an offset-syncs topic says, whoever wrote it. Besides MirrorMaker 2's translation it keeps what the pairs prove: between two of one session
 * that follow each other in the topic and have the same difference, every record has its copy at that difference. Within a session the difference
 * only ever falls, by one for each hole at the source; where a crash makes records be copied again it rises, and may make up for a hole. Pairs of
 * MirrorMaker 2 name no session: they count as one until they show that there are holes, and prove nothing from then on.
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
      this.#partitions.set(name, { slots: new SyncSlots(sync), proven: provenFrom(sync), hasHoles: false })
      return
    }
    prove(known, sync)
    const isLost = sync.downstreamOffset < known.slots.newest.downstreamOffset
    if (isLost || (!this.#hasReadToEnd && this.#mustReadToEnd)) known.slots.restart(sync)
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

function prove(known: Known, sync: Pair): void {
  const { upstreamOffset, downstreamOffset, session } = sync
  const before = known.slots.newest
  const records = upstreamOffset - before.upstreamOffset
  const copies = downstreamOffset - before.downstreamOffset
  if (records === 0 && copies === 0) return
  if (session === undefined && records > 0 && copies < records) {
    known.hasHoles = true
    known.proven = provenFrom(sync)
    return
  }
  const isGoingOn = session === before.session && (session !== undefined || !known.hasHoles)
  const runs = known.proven
  if (isGoingOn && records > 0 && copies === records) {
    runs.append(before.upstreamOffset + 1, records, before.downstreamOffset + 1)
  } else {
    runs.begin(upstreamOffset)
    runs.append(upstreamOffset, 1, downstreamOffset)
  }
  const { segments } = runs
  const oldestKept = segments[segments.length - PROVEN_SEGMENTS]
  if (oldestKept !== undefined) runs.prune(oldestKept.start(0))
}

function provenFrom({ upstreamOffset, downstreamOffset }: Pair): PartitionRuns {
  const runs = new PartitionRuns()
  runs.begin(upstreamOffset)
  runs.append(upstreamOffset, 1, downstreamOffset)
  return runs
}
