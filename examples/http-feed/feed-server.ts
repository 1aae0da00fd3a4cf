import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FeedEvent {
  /** Counts from 1. */
  readonly id: number
  readonly user: string
  /** Milliseconds since the epoch. */
  readonly time: number
}

export interface FeedServer {
  readonly url: string
  /** How many requests it has answered, or refused. */
  readonly requests: number
  /** Adds so many events. */
  add(count: number): void
  /** Answers the next so many requests with 503. */
  refuse(count: number): void
  close(): Promise<void>
}

/** The feed that the source reads: `GET /events?after=<id>&limit=<n>` answers with a JSON array of events. */
export async function startFeedServer(): Promise<FeedServer> {
  const events: FeedEvent[] = []
  let requests = 0
  let refused = 0
  const server = createServer((request, response) => {
    requests++
    if (refused > 0) {
      refused--
      response.writeHead(503).end()
      return
    }
    const { searchParams } = new URL(request.url ?? '', 'http://localhost')
    const after = Number(searchParams.get('after'))
    response.end(JSON.stringify(events.slice(after, after + Number(searchParams.get('limit')))))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    get requests() {
      return requests
    },
    add(count) {
      for (let i = 0; i < count; i++) {
        const id = events.length + 1
        events.push({ id, user: `user-${id % 7}`, time: 1_700_000_000_000 + id })
      }
    },
    refuse(count) {
      refused = count
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
