import type { ReplicationPolicy } from '../../../policies/index.ts'
import { translateBackOffset } from '../offset-map/back-translator.ts'
import type { Translation } from '../offset-map/offset-map.ts'
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
    const { policy, sourceAlias } = this.#options
    return this.#originalHere(topic) ?? policy.formatRemoteTopic(sourceAlias, topic)
  }

  /** Null = nothing at or before this offset is known; never high. */
  translate(topic: string, partition: number, offset: number): TranslatedOffset | null {
    const original = this.#originalHere(topic)
    const name = original ?? this.remoteName(topic)
    const translation =
      original === null ? this.#translateThere(topic, name, partition, offset) : this.#translateBack(original, partition, offset)
    return translation === null ? null : { topic: name, ...translation }
  }

  /** Where a policy keeps names, one log holds records of both clusters: those that came from the target are looked for first. */
  #translateThere(topic: string, name: string, partition: number, offset: number): Translation | null {
    const there = translateOffset(knowledgeOf(this.#options.there(), topic, partition), offset)
    if (name !== topic) return there
    const knowledge = knowledgeOf(this.#options.back(), name, partition)
    const back = translateBackOffset(knowledge, offset, 'shared')
    if (back === null || there === null) return back ?? there
    if (knowledge.map?.isCopy(offset)) return back
    if (there.exactness === 'exact' || back.exactness === 'exact') return there.exactness === 'exact' ? there : back
    return there.offset >= back.offset ? there : back
  }

  #translateBack(original: string, partition: number, offset: number): Translation | null {
    return translateBackOffset(knowledgeOf(this.#options.back(), original, partition), offset, 'copies only')
  }

  /** The name on the target of a topic that came from there; null = it did not, or names do not tell. */
  #originalHere(topic: string): string | null {
    const { policy, targetAlias } = this.#options
    if (policy.topicSource(topic) !== targetAlias) return null
    const original = policy.upstreamTopic(topic)
    return original === topic ? null : original
  }
}

function knowledgeOf({ map, syncs }: FlowKnowledge, topic: string, partition: number): PartitionKnowledge {
  return {
    map: map?.runsOf(topic, partition) ?? null,
    proven: syncs?.table.proven(topic, partition) ?? null,
    slots: syncs?.table.slots(topic, partition) ?? null,
  }
}
