import type { ReplicationPolicy } from '../../../policies/index.ts'
import { translateBackOffset } from '../offset-map/back-translator.ts'
import { isStillLast, type LastCopy, lastCopyOf } from '../offset-map/last-copy.ts'
import type { OffsetMap, Translation } from '../offset-map/offset-map.ts'
import type { OffsetMapStore } from '../offset-map/offset-map-store.ts'
import { type PartitionKnowledge, translateOffset } from '../offset-map/offset-translator.ts'
import type { OffsetSyncStore } from '../offset-syncs/offset-sync-store.ts'

/** What is stored about the copies of one flow; null = not there, or not read yet. */
export interface FlowKnowledge {
  readonly map: Pick<OffsetMapStore, 'runsOf'> | null
  readonly syncs: Pick<OffsetSyncStore, 'table'> | null
}

export interface FlowTranslationOptions {
  readonly sourceAlias: string
  readonly targetAlias: string
  /** Configured for this flow. */
  readonly policy: ReplicationPolicy
  /** Of this flow. Asked again for each translation. */
  readonly there: () => FlowKnowledge
  /** Of the flow the other way, whose copies on this flow's source came from its target. */
  readonly back: () => FlowKnowledge
}

/** Where a group goes on that committed a source offset. */
export interface TranslatedOffset extends Translation {
  /** Name on the target. */
  readonly topic: string
}

/**
 * Translates what consumer groups have committed on the source of a flow to its target: offsets of topics that this flow copies, and of
 * topics that came from the target in the first place, which lie there under their own name.
 */
export class FlowTranslation {
  readonly #options: FlowTranslationOptions

  constructor(options: FlowTranslationOptions) {
    this.#options = options
  }

  /** Name on the target of a source topic, whichever of the two clusters its records come from. */
  remoteName(topic: string): string {
    return nameOnTarget(this.#options, topic).name
  }

  /** Null = nothing at or before this offset is known; never high. */
  translate(topic: string, partition: number, offset: number): TranslatedOffset | null {
    const translation = this.now().translate(topic, partition, offset)
    return translation === null ? null : { topic: this.remoteName(topic), ...translation }
  }

  /** By what is known at this moment: for many offsets at once, as what is known of a partition is looked up once. */
  now(): TranslationNow {
    return new TranslationNow(this.#options)
  }
}

/** A flow's translation at one moment. */
export class TranslationNow {
  readonly #options: FlowTranslationOptions
  readonly #topics = new Map<string, { readonly name: NameOnTarget; readonly partitions: PartitionTranslation[] }>()
  readonly #lastCopies = new Map<PartitionTranslation, readonly LastCopy[]>()

  constructor(options: FlowTranslationOptions) {
    this.#options = options
  }

  translate(topic: string, partition: number, offset: number): Translation | null {
    return this.#partition(topic, partition).translate(offset)
  }

  /**
   * Whether no map of the partition is still to come to this offset. What is translated beyond one, by offset syncs, may have been copied
   * again since: the map then grows without anything it knew being changed.
   */
  isMapped(topic: string, partition: number, offset: number): boolean {
    return this.#partition(topic, partition).isMapped(offset)
  }

  /** The last record that each map of a partition knows; as long as they stay known, what a map says at or before them does. */
  lastCopies(topic: string, partition: number): readonly LastCopy[] {
    const translation = this.#partition(topic, partition)
    const found = this.#lastCopies.get(translation) ?? translation.maps.map(lastCopyOf)
    this.#lastCopies.set(translation, found)
    return found
  }

  /** Whether they all still are what they were at an earlier moment. */
  stillKnows(topic: string, partition: number, lastCopies: readonly LastCopy[]): boolean {
    const { maps } = this.#partition(topic, partition)
    return lastCopies.every((copy, at) => isStillLast(maps[at] ?? null, copy))
  }

  #partition(topic: string, partition: number): PartitionTranslation {
    let known = this.#topics.get(topic)
    if (known === undefined) {
      known = { name: nameOnTarget(this.#options, topic), partitions: [] }
      this.#topics.set(topic, known)
    }
    known.partitions[partition] ??= partitionTranslation(this.#options, known.name, topic, partition)
    return known.partitions[partition]
  }
}

interface NameOnTarget {
  readonly name: string
  /** `copied`: by this flow; `home`: it came from the target; `shared`: names do not tell, records of both clusters lie in it. */
  readonly way: 'copied' | 'home' | 'shared'
}

function nameOnTarget({ policy, sourceAlias, targetAlias }: FlowTranslationOptions, topic: string): NameOnTarget {
  const original = policy.topicSource(topic) === targetAlias ? policy.upstreamTopic(topic) : null
  if (original !== null && original !== topic) return { name: original, way: 'home' }
  const name = policy.formatRemoteTopic(sourceAlias, topic)
  return { name, way: name === topic ? 'shared' : 'copied' }
}

interface PartitionTranslation {
  readonly translate: (offset: number) => Translation | null
  readonly isMapped: (offset: number) => boolean
  readonly maps: readonly (OffsetMap | null)[]
}

function partitionTranslation(
  { there, back }: FlowTranslationOptions,
  { name, way }: NameOnTarget,
  topic: string,
  partition: number,
): PartitionTranslation {
  if (way === 'home') {
    const knowledge = knowledgeOf(back(), name, partition)
    return {
      translate: offset => translateBackOffset(knowledge, offset, 'copies only'),
      isMapped: offset => isWithin(offset, knowledge.map?.end?.target),
      maps: mapsOf(knowledge),
    }
  }
  const forward = knowledgeOf(there(), topic, partition)
  const copied = forward.map?.end?.source
  if (way === 'copied') {
    return {
      translate: offset => translateOffset(forward, offset),
      isMapped: offset => isWithin(offset, copied),
      maps: mapsOf(forward),
    }
  }
  const backward = knowledgeOf(back(), name, partition)
  return {
    translate: offset => translateShared(forward, backward, offset),
    isMapped: offset => isWithin(offset, copied, backward.map?.end?.target),
    maps: [...mapsOf(forward), ...mapsOf(backward)],
  }
}

/** Where a log holds records of both clusters, those that came from the target are looked for first. */
function translateShared(forward: PartitionKnowledge, backward: PartitionKnowledge, offset: number): Translation | null {
  const there = translateOffset(forward, offset)
  const back = translateBackOffset(backward, offset, 'shared')
  if (back === null || there === null) return back ?? there
  if (backward.map?.isCopy(offset)) return back
  if (there.exactness === 'exact' || back.exactness === 'exact') return there.exactness === 'exact' ? there : back
  return there.offset >= back.offset ? there : back
}

function knowledgeOf({ map, syncs }: FlowKnowledge, topic: string, partition: number): PartitionKnowledge {
  return {
    map: map?.runsOf(topic, partition) ?? null,
    proven: syncs?.table.proven(topic, partition) ?? null,
    slots: syncs?.table.slots(topic, partition) ?? null,
  }
}

const mapsOf = ({ map, proven }: PartitionKnowledge): readonly (OffsetMap | null)[] => [map, proven]

/** Where there is no map, none is to come. */
function isWithin(offset: number, ...ends: readonly (number | undefined)[]): boolean {
  const known = ends.filter(end => end !== undefined)
  return known.length === 0 || known.some(end => offset <= end)
}
