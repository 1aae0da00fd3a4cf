import { get } from 'node:http'

export interface TimedScrape {
  readonly ms: number
  /** As sent. */
  readonly bytes: number
}

/** From the request until the last byte of the answer is here; the answer is not unpacked. */
export function timedScrape(url: string, encoding: 'gzip' | 'identity'): Promise<TimedScrape> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { 'accept-encoding': encoding }, agent: false }, response => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve({ ms: performance.now() - startedAt, bytes })
        else reject(new Error(`${url} answered ${response.statusCode}`))
      })
    })
    request.on('error', reject)
    request.setTimeout(SCRAPE_MS, () => request.destroy(new Error(`${url} did not answer within ${SCRAPE_MS} ms`)))
  })
}

const SCRAPE_MS = 30_000
