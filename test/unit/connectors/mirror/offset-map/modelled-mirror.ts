import type { OffsetMap, Translation } from '../../../../../connectors/mirror/offset-map/offset-map.ts'
import type { CopiedOffsets, CopiedPartition } from '../../../../../connectors/mirror/offset-syncs/copied-offsets.ts'

/** A source partition, the log of its copy, and a mirror's progress, remembered record by record: what a map must say is known here. */
export class ModelledMirror {
  /** Of the source topic. */
  topicId = idOf(0)
  logStart = 0
  /** As stored by the mirror. */
  committed = { offset: 0, topicId: idOf(0), cuts: 0 }
  readonly #random: () => number
  readonly #unplacedRatio: number
  #topics = 0
  #records: boolean[] = []
  /** Where the source was cut off, oldest first. */
  #cuts: number[] = []
  /** What the target holds: offsets of the present source, null for whatever else. */
  readonly #target: (number | null)[] = []
  /** Source offset to target offset of its last copy. */
  readonly #placed = new Map<number, number>()
  /** Records whose last copy no flush has told of. */
  #untold = new Set<number>()
  #inSession = new Set<number>()
  /** The source was cut off and no flush has told of it. */
  #isCutUntold = false
  /** The mirror has noticed, or has copied what comes there now. */
  #isCutSeen = false
  #position = 0
  #sessionBegin = 0
  /** Where reading began in the session that wrote the first map: what was read before left no trace. */
  #mapBegin: number | null = null

  constructor(random: () => number, unplacedRatio: number) {
    this.#random = random
    this.#unplacedRatio = unplacedRatio
    this.#othersWrite(this.below(10))
  }

  get position(): number {
    return this.#position
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  /** A session begins where offsets were committed, and learns what became of the source since. */
  begin(offsets: CopiedOffsets, partition: CopiedPartition): void {
    const { offset, topicId, cuts } = this.committed
    this.#inSession = new Set()
    this.#sessionBegin = offset
    this.#position = offset
    offsets.begin(partition, offset)
    const resume = topicId === this.topicId ? Math.min(offset, ...this.#cuts.slice(cuts)) : 0
    this.#position = resume
    this.#isCutSeen = resume < offset
    if (resume < offset || topicId !== this.topicId) offsets.acknowledged(partition, resume, this.topicId, null, -1)
    this.#restart()
  }

  /** Copies about so many source offsets, in batches, some of which the broker does not tell the place of. */
  copy(offsets: CopiedOffsets, partition: CopiedPartition, length: number): void {
    const end = this.#position + length
    while (this.#position < end) {
      if (this.below(8) === 0) this.#othersWrite(1 + this.below(3))
      const batchEnd = Math.min(end, this.#position + 1 + this.below(12))
      const sourceOffsets: number[] = []
      for (; this.#position < batchEnd; this.#position++) if (this.#isRecord(this.#position)) sourceOffsets.push(this.#position)
      const isUnplaced = this.#random() < this.#unplacedRatio
      const baseOffset = isUnplaced ? -1 : this.#target.length
      for (const source of sourceOffsets) this.#place(source)
      const [firstOffset = 0] = sourceOffsets
      const records = sourceOffsets.length === 0 ? null : { count: sourceOffsets.length, firstOffset, sourceOffsets }
      offsets.acknowledged(partition, this.#position, this.topicId, records, baseOffset)
    }
  }

  /** The source loses its last offsets, and what comes there later are other records. */
  cutSource(offsets: CopiedOffsets, partition: CopiedPartition): void {
    const resume = Math.max(this.logStart, this.#position - this.below(30))
    this.#cuts.push(resume)
    this.#records.length = Math.min(this.#records.length, resume)
    this.#disown(resume)
    this.#isCutUntold = true
    this.#isCutSeen = resume < this.#position
    if (resume < this.#position) offsets.acknowledged(partition, resume, this.topicId, null, -1)
    this.#position = resume
    this.#restart()
  }

  /** The source topic is deleted and created anew; a running session is told. */
  recreate(offsets: CopiedOffsets, partition: CopiedPartition): void {
    this.topicId = idOf(++this.#topics)
    this.#records = []
    this.#cuts = []
    this.logStart = 0
    this.#disown(0)
    this.#position = 0
    this.#restart()
    offsets.acknowledged(partition, 0, this.topicId, null, -1)
  }

  /** What the map can know if what changes now is written. */
  snapshot(): { readonly told: () => void; readonly committed: ModelledMirror['committed'] } {
    const told = [...this.#inSession].map(source => [source, this.#placed.get(source)] as const)
    const committed = { offset: this.#position, topicId: this.topicId, cuts: this.#cuts.length }
    const isCutSeen = this.#isCutSeen || told.length > 0
    const isOfNow = (): boolean => committed.topicId === this.topicId && committed.cuts === this.#cuts.length
    return {
      committed,
      told: () => {
        if (told.length > 0) this.#mapBegin ??= this.#sessionBegin
        for (const [source, target] of told) if (this.#placed.get(source) === target) this.#untold.delete(source)
        if (isOfNow() && isCutSeen) this.#isCutUntold = false
      },
    }
  }

  /** What is wrong with a map; null = nothing. @param isComplete every offset up to what was committed must be exact */
  faultOf(map: OffsetMap, isComplete: boolean): string | null {
    return this.#faultThere(map, isComplete) ?? (this.#isCutUntold ? null : this.#faultBack(map))
  }

  #faultThere(map: OffsetMap, isComplete: boolean): string | null {
    const end = this.#position + 5
    const tos: number[] = []
    for (let source = end, to = Number.POSITIVE_INFINITY; source >= 0; source--) {
      to = Math.min(to, this.#placed.get(source) ?? to)
      tos[source] = to
    }
    let from = 0
    let isTold = true
    for (let source = 0; source <= end; source++) {
      const found = map.translate(source)
      const what = () => `source ${source} -> ${JSON.stringify(found)}, not in ${from} to ${tos[source]}`
      if (found !== null && found.offset > tos[source]!) return `high: ${what()}`
      if (isTold && isExact(found) && found!.offset < from) return `not exact: ${what()}`
      const isDue =
        source >= Math.max(this.logStart, this.#mapBegin ?? 0) &&
        source <= this.committed.offset &&
        this.committed.topicId === this.topicId
      if (isComplete && isDue && !isExact(found)) return `not known: ${what()}`
      from = Math.max(from, (this.#placed.get(source) ?? -1) + 1)
      if (this.#placed.has(source)) isTold = !this.#untold.has(source)
    }
    return null
  }

  #faultBack(map: OffsetMap): string | null {
    const end = this.#target.length + 3
    const first = new Map<number, number>()
    for (const [target, source] of this.#target.entries()) if (source !== null && !first.has(source)) first.set(source, target)
    const tos: number[] = []
    for (let target = end, to = Number.POSITIVE_INFINITY; target >= 0; target--) {
      const source = this.#target[target] ?? null
      if (source !== null && first.get(source) === target) to = Math.min(to, source)
      tos[target] = to
    }
    for (let target = 0, from = 0; target <= end; target++) {
      const found = map.translateBack(target)
      const source = this.#target[target] ?? null
      const what = () => `target ${target} -> ${JSON.stringify(found)}, not in ${from} to ${tos[target]}`
      if (found !== null && found.offset > tos[target]!) return `high: ${what()}`
      if (isExact(found) && found!.offset < from) return `not exact: ${what()}`
      if (map.isCopy(target) && source === null) return `not a copy: ${what()}`
      if (source !== null && this.#placed.get(source) === target) from = Math.max(from, source + 1)
    }
    return null
  }

  #isRecord(source: number): boolean {
    while (this.#records.length <= source) this.#records.push(this.#random() < 0.6)
    return this.#records[source]!
  }

  #place(source: number): void {
    this.#placed.set(source, this.#target.length)
    this.#target.push(source)
    this.#untold.add(source)
    this.#inSession.add(source)
  }

  #othersWrite(count: number): void {
    for (let i = 0; i < count; i++) this.#target.push(null)
  }

  /** What lies from here on is going to be copied again: earlier copies of it do not count. */
  #restart(): void {
    for (const source of this.#placed.keys()) if (source >= this.#position) this.#placed.delete(source)
    for (const source of this.#untold) if (source >= this.#position) this.#untold.delete(source)
  }

  /** Copies of records from there on are no longer copies of this source. */
  #disown(from: number): void {
    for (const [target, source] of this.#target.entries()) if (source !== null && source >= from) this.#target[target] = null
    for (const source of this.#placed.keys()) if (source >= from) this.#placed.delete(source)
    for (const set of [this.#untold, this.#inSession]) for (const source of set) if (source >= from) set.delete(source)
  }
}

const idOf = (topic: number): string => (topic + 1).toString(16).padStart(32, '0')

const isExact = (found: Translation | null): boolean => found?.exactness === 'exact'
