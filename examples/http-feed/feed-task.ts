import { setTimeout as sleep } from 'node:timers/promises'
import { ConnectError, connectRecord, parseConfig, pollWith, SourceTask, type SourceTaskContext } from 'isthmus'
import type { FeedEvent } from './feed-server.ts'
import { definition } from './keys.ts'

/** Copies what a feed knows, `GET <url>?after=<id>&limit=<n>`, to a topic. Goes on after the last event that Kafka has. */
export class FeedTask extends SourceTask {
  #url = ''
  #topic = ''
  #intervalMs = 0
  #after = 0

  async start({ config, offsets }: SourceTaskContext): Promise<void> {
    const parsed = parseConfig(definition, config)
    this.#url = parsed.url
    this.#topic = parsed.topic
    this.#intervalMs = parsed['poll.interval.ms']
    const [stored] = await offsets([{ url: this.#url }])
    this.#after = Number(stored?.after ?? 0)
  }

  batches = pollWith(async ({ maxRecords, signal }) => {
    const events = await this.#ask(maxRecords, signal)
    if (events.length === 0) await sleep(this.#intervalMs, undefined, { signal })
    const records = events.map(event =>
      connectRecord({ topic: this.#topic, key: event.user, value: { ...event }, timestamp: event.time }),
    )
    this.#after = events.at(-1)?.id ?? this.#after
    return records.length === 0 ? [] : [{ sourcePartition: { url: this.#url }, sourceOffset: { after: this.#after }, records }]
  })

  /** A feed that does not answer, or not with a feed, is asked again after a while. */
  async #ask(limit: number, signal: AbortSignal): Promise<readonly FeedEvent[]> {
    try {
      const answer = await fetch(`${this.#url}?after=${this.#after}&limit=${limit}`, { signal })
      if (!answer.ok) throw new Error(`it answers ${answer.status} ${answer.statusText}`)
      return (await answer.json()) as readonly FeedEvent[]
    } catch (cause) {
      const message = `The feed ${this.#url} cannot be read: ${(cause as Error).message}`
      throw new ConnectError('FEED_UNREADABLE', message, { kind: 'retriable', stage: 'poll', cause })
    }
  }
}
