import { pollWith, SourceTask, type SourceTaskContext } from 'isthmus'

/** Copies what a web service knows, `GET <url>?after=<id>&limit=<n>`, to a topic. Goes on after the last event that Kafka has. */
export class EventsTask extends SourceTask {
  #url = ''
  #topic = ''
  #after = 0

  async start({ config, offsets }: SourceTaskContext): Promise<void> {
    this.#url = config.url!
    this.#topic = config.topic!
    const [stored] = await offsets([{ url: this.#url }])
    this.#after = Number(stored?.after ?? 0)
  }

  batches = pollWith(async ({ maxRecords, signal }) => {
    const answer = await fetch(`${this.#url}?after=${this.#after}&limit=${maxRecords}`, { signal })
    const events = (await answer.json()) as { id: number; user: string; time: number }[]
    const records = events.map(event => ({
      topic: this.#topic,
      key: Buffer.from(event.user),
      value: Buffer.from(JSON.stringify(event)),
      headers: [],
      timestamp: event.time,
    }))
    this.#after = events.at(-1)?.id ?? this.#after
    return records.length === 0 ? [] : [{ sourcePartition: { url: this.#url }, sourceOffset: { after: this.#after }, records }]
  })
}
