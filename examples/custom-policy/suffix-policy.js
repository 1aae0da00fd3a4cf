import { BaseReplicationPolicy } from 'isthmus/policies'

/** Copies are named after their origin: orders of cluster east becomes orders-from-east. */
export default class SuffixPolicy extends BaseReplicationPolicy {
  #mark = '-from-'

  /** @param {Readonly<Record<string, string>>} properties everything the file says for the flow, keys of your own included */
  configure(properties) {
    this.#mark = properties['suffix.mark'] ?? this.#mark
  }

  /** @param {string} alias @param {string} topic */
  formatRemoteTopic(alias, topic) {
    return topic + this.#mark + alias
  }

  /** @param {string} topic the cluster it comes from; null = it is no copy */
  topicSource(topic) {
    const at = topic.lastIndexOf(this.#mark)
    return at < 0 ? null : topic.slice(at + this.#mark.length)
  }

  /** @param {string} topic what it is called there */
  upstreamTopic(topic) {
    const at = topic.lastIndexOf(this.#mark)
    return at < 0 ? null : topic.slice(0, at)
  }
}
