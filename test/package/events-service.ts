import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface EventsService {
  readonly url: string
  readonly requests: string[]
  /** Adds events, whose ids count from 1. */
  add(count: number): void
  close(): Promise<void>
}

/** The web service that the example of a custom source reads: `GET /events?after=<id>&limit=<n>`. */
export async function startEventsService(): Promise<EventsService> {
  const events: { id: number; user: string; time: number }[] = []
  const requests: string[] = []
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url!, 'http://localhost')
    const after = Number(searchParams.get('after'))
    requests.push(request.url!)
    response.end(JSON.stringify(events.slice(after, after + Number(searchParams.get('limit')))))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    requests,
    add(count) {
      for (let i = 0; i < count; i++) {
        const id = events.length + 1
        events.push({ id, user: `user-${id % 7}`, time: 1_700_000_000_000 + id })
      }
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
