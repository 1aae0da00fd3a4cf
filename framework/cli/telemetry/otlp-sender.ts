import type { Agent, IncomingMessage, RequestOptions } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { convertLegacyHttpOptions } from '@opentelemetry/otlp-exporter-base/node-http'

const CONTENT_TYPE = 'application/x-protobuf'
/** Of an answer: more is not read. */
const MAX_ANSWER_BYTES = 65_536
/** What a collector says of itself in an answer that is an error. */
const MAX_QUOTED = 200
const RETRYABLE = new Set([429, 502, 503, 504])

const zipped = promisify(gzip)

export type Answer =
  | { readonly isTaken: true; readonly body: Buffer; readonly type: string }
  | { readonly isTaken: false; readonly why: string; readonly isRetryable: boolean; readonly retryAfterMs?: number }

const ENDING: Answer = { isTaken: false, isRetryable: false, why: 'the process ended before there was an answer' }

export interface OtlpSenderOptions {
  readonly signal: 'TRACES' | 'METRICS'
  readonly userAgent: string
  /** Of a request, from its beginning to the end of its answer; OTEL_EXPORTER_OTLP_(…)TIMEOUT where that is shorter. */
  readonly timeoutMs: number
}

/** Requests to a collector as the standard variables say: one at a time, each of which ends in time whatever the collector does. */
export class OtlpSender {
  readonly #http
  readonly #timeoutMs: number
  readonly #userAgent: string
  #agent: Agent | undefined
  #current: AbortController | undefined
  #isClosed = false

  constructor({ signal, userAgent, timeoutMs }: OtlpSenderOptions) {
    this.#http = convertLegacyHttpOptions({}, signal, `v1/${signal.toLowerCase()}`, { 'Content-Type': CONTENT_TYPE })
    this.#timeoutMs = Math.min(timeoutMs, this.#http.timeoutMillis)
    this.#userAgent = userAgent
  }

  get url(): string {
    return this.#http.url
  }

  /** Never rejects. */
  async send(bytes: Uint8Array): Promise<Answer> {
    if (this.#isClosed) return ENDING
    const current = new AbortController()
    this.#current = current
    const late = setTimeout(() => current.abort(), this.#timeoutMs).unref()
    try {
      return await this.#post(bytes, current.signal)
    } catch (error) {
      if (!current.signal.aborted) return { isTaken: false, isRetryable: true, why: reasonOf(error) }
      return this.#isClosed ? ENDING : { isTaken: false, isRetryable: true, why: `no answer within ${this.#timeoutMs / 1000} s` }
    } finally {
      clearTimeout(late)
      this.#current = undefined
    }
  }

  /** Ends what is under way. */
  close(): void {
    this.#isClosed = true
    this.#current?.abort()
    this.#agent?.destroy()
  }

  async #post(bytes: Uint8Array, signal: AbortSignal): Promise<Answer> {
    const url = new URL(this.#http.url)
    this.#agent ??= await this.#http.agentFactory(url.protocol)
    const headers: Record<string, string | number> = { ...(await this.#http.headers()), 'User-Agent': this.#userAgent }
    const isZipped = this.#http.compression === 'gzip'
    const body = isZipped ? await zipped(bytes) : bytes
    if (isZipped) headers['Content-Encoding'] = 'gzip'
    headers['Content-Length'] = body.length
    const options: RequestOptions = { method: 'POST', headers, agent: this.#agent, signal }
    return answerOf(await exchange(url, options, body), signal)
  }
}

/** A connection that lay idle may have been closed at the other end at the same moment: the request goes on a new one then. */
async function exchange(url: URL, options: RequestOptions, body: Uint8Array): Promise<IncomingMessage> {
  const { request } = await (url.protocol === 'https:' ? import('node:https') : import('node:http'))
  const once = (): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const asking = request(url, options, resolve)
      asking.on('error', error => reject(Object.assign(error, { isStale: asking.reusedSocket })))
      asking.end(body)
    })
  return once().catch((error: NodeJS.ErrnoException & { readonly isStale: boolean }) => {
    if (error.isStale && error.code === 'ECONNRESET') return once()
    throw error
  })
}

async function answerOf(response: IncomingMessage, signal: AbortSignal): Promise<Answer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > MAX_ANSWER_BYTES) break
  }
  signal.throwIfAborted()
  const body = Buffer.concat(chunks)
  const status = response.statusCode ?? 0
  if (status >= 200 && status < 300) return { isTaken: true, body, type: response.headers['content-type'] ?? '' }
  const quoted = body
    .toString('utf8', 0, MAX_QUOTED)
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
  const why = `it answered ${status} ${response.statusMessage ?? ''}`.trimEnd() + (quoted === '' ? '' : ` (${quoted})`)
  const retryAfterMs = secondsOf(response.headers['retry-after'])
  return { isTaken: false, isRetryable: RETRYABLE.has(status), why, ...(retryAfterMs !== undefined && { retryAfterMs }) }
}

/** Of a Retry-After header, in ms: seconds or a date. */
function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const seconds = Number(text)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - Date.now()
  return ms > 0 ? ms : undefined
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(reasonOf))].join(', ')
  return error instanceof Error ? error.message : String(error)
}
