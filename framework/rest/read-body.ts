import type { IncomingMessage } from 'node:http'
import { Refusal } from './refusal.ts'

const MAX_BYTES = 64 * 1024

/**
 * The JSON of a request. Nothing but `application/json` is taken: a page of another site can send that only after asking, which is never granted.
 * @throws Refusal 415, 413 or 400
 */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') throw new Refusal(415, 'Content-Type has to be application/json', CLOSE)
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BYTES) throw new Refusal(413, `At most ${MAX_BYTES} bytes`, CLOSE)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch (error) {
    throw new Refusal(400, `This is no JSON: ${error instanceof Error ? error.message : error}`)
  }
}

/** What was not read is not the next request. */
const CLOSE = { Connection: 'close' }
