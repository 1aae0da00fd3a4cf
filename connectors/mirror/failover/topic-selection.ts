import { shouldReplicateTopic } from '../../../policies/index.ts'
import type { FlowSettings, PairSettings } from './pair-settings.ts'

/** The topics of a flow's source that matter when groups move by it. */
export class TopicSelection {
  readonly #there: FlowSettings
  readonly #back: FlowSettings

  constructor({ there, back }: Pick<PairSettings, 'there' | 'back'>) {
    this.#there = there
    this.#back = back
  }

  /** Copied by the flow. Heartbeats are not: they never rest. */
  copies(topic: string): boolean {
    const { policy, topicFilter: filter, flow } = this.#there
    const selection = { policy, filter, targetAlias: flow.target, heartbeatsReplicationEnabled: false }
    return !policy.isHeartbeatsTopic(topic) && shouldReplicateTopic(selection, topic)
  }

  /** Groups take their offsets in it along: it is copied by the flow, or by the one the other way. */
  moves(topic: string): boolean {
    return this.copies(topic) || this.cameBack(topic)
  }

  /** Its copy has the same name, whichever of the two flows makes it. */
  keepsName(topic: string): boolean {
    const [there, back] = [this.#there, this.#back]
    return (
      there.policy.formatRemoteTopic(there.flow.source, topic) === topic &&
      back.policy.formatRemoteTopic(back.flow.source, topic) === topic
    )
  }

  /** Made by the flow the other way. */
  cameBack(topic: string): boolean {
    const { policy, flow } = this.#there
    if (policy.isInternalTopic(topic) || policy.isHeartbeatsTopic(topic)) return false
    const upstream = policy.topicSource(topic) === flow.target ? policy.upstreamTopic(topic) : null
    const original = upstream ?? (this.keepsName(topic) ? topic : null)
    return original !== null && this.#back.topicFilter.shouldReplicateTopic(original)
  }
}
