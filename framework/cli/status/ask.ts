import { get as getHttp, type IncomingMessage } from 'node:http'
import { get as getHttps } from 'node:https'
import type { StatusReport } from '../../api/status-report.ts'
import { readReport } from './read-report.ts'
import type { StatusTarget } from './target.ts'
import { troubleOf } from './trouble.ts'

/** A report is far smaller. */
const LIMIT_BYTES = 64 * 1024 * 1024

export type Answer =
  | { readonly kind: 'report'; readonly report: StatusReport; readonly json: string }
  /** Why there is none, and what to do about it. */
  | { readonly kind: 'trouble'; readonly message: string }

export interface AskOptions {
  readonly timeoutMs: number
  /** Gives up: the answer is `trouble`. */
  readonly signal: AbortSignal
}

/** Asks once, over a connection of its own. Never rejects for what is wrong with the other side. */
export async function ask({ url }: StatusTarget, { timeoutMs, signal }: AskOptions): Promise<Answer> {
  const ending = new AbortController()
  let isLate = false
  const stop = (): void => ending.abort()
  const timer = setTimeout(() => {
    isLate = true
    stop()
  }, timeoutMs)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    const response = await responseOf(url, ending.signal)
    return readReport(await textOf(response), response)
  } catch (error) {
    if (signal.aborted) return { kind: 'trouble', message: 'was asked, but did not answer before this was stopped' }
    return { kind: 'trouble', message: troubleOf(error, url, isLate ? timeoutMs : undefined) }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

function responseOf(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? getHttps : getHttp
    get(url, { signal, agent: false, headers: { accept: 'application/json' } }, resolve).once('error', reject)
  })
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LIMIT_BYTES) {
      response.destroy()
      throw new Error(`the answer has more than ${LIMIT_BYTES / 1024 / 1024} MiB`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
