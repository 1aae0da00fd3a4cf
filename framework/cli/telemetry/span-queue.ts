import { TraceFlags } from '@opentelemetry/api'
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { ExportRecord } from './export-record.ts'
import { Nap } from './nap.ts'
import { rejectedSpans } from './otlp-answers.ts'
import type { Answer, OtlpSender } from './otlp-sender.ts'

/** Of one request. */
const MAX_ATTEMPTS = 5
const PAUSE_MS = 1_000
const MAX_PAUSE_MS = 10_000
/** What a collector may ask for. */
const MAX_ASKED_PAUSE_MS = 60_000

export interface SpanQueueOptions {
  readonly sender: Pick<OtlpSender, 'send' | 'close'>
  readonly record: ExportRecord
  readonly maxQueue: number
  readonly maxBatch: number
  /** How long a span waits for others to go with it. */
  readonly delayMs: number
  /** At the end: how long the last ones may take; of a collector that takes none already. */
  readonly lastMs: number
  readonly lastOfTroubledMs: number
}

/**
 * Ended spans on their way to a collector. One request is under way at a time; one that fails is repeated with growing pauses, then given up. What
 * finds no room is lost.
 */
export class SpanQueue implements SpanProcessor {
  readonly #options: SpanQueueOptions
  readonly #nap = new Nap()
  #waiting: ReadableSpan[] = []
  #sending: Promise<void> | undefined
  #pauseMs = 0
  #isEnding = false
  #isClosed = false

  constructor(options: SpanQueueOptions) {
    this.#options = options
  }

  get isFull(): boolean {
    return this.#waiting.length >= this.#options.maxQueue
  }

  onStart(): void {
    // Nothing is known of it yet.
  }

  onEnd(span: ReadableSpan): void {
    if (this.#isEnding || (span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return
    if (this.isFull) {
      this.#options.record.queueFull()
      return
    }
    this.#waiting.push(span)
    if (this.#sending === undefined) this.#sending = this.#sendAll()
    else if (this.#waiting.length === this.#options.maxBatch && this.#pauseMs === 0) this.#nap.wake()
  }

  /** Those that wait are tried at once. */
  async forceFlush(): Promise<void> {
    this.#nap.wake()
    await this.#sending
  }

  /** The last ones are sent, or lost. Never rejects, and takes no longer than the options say. */
  async shutdown(): Promise<void> {
    if (this.#isEnding) return this.#sending
    this.#isEnding = true
    const { sender, record, lastMs, lastOfTroubledMs } = this.#options
    const late = setTimeout(() => this.#close(), record.isFailing ? lastOfTroubledMs : lastMs)
    this.#nap.wake()
    await this.#sending
    clearTimeout(late)
    sender.close()
    record.close(this.#waiting.length)
    this.#waiting = []
  }

  #close(): void {
    this.#isClosed = true
    this.#options.sender.close()
  }

  async #sendAll(): Promise<void> {
    const { maxBatch, delayMs } = this.#options
    while (this.#waiting.length > 0 && !this.#isClosed) {
      if (!this.#isEnding && this.#waiting.length < maxBatch) await this.#nap.sleep(delayMs)
      const isTaken = await this.#send(this.#waiting.splice(0, maxBatch))
      if (this.#isEnding && !isTaken) break
      if (this.#pauseMs > 0) await this.#nap.sleep(this.#pauseMs)
    }
    this.#sending = undefined
  }

  async #send(spans: ReadableSpan[]): Promise<boolean> {
    const { sender, record } = this.#options
    const count = spans.length
    const bytes = ProtobufTraceSerializer.serializeRequest(spans) ?? new Uint8Array()
    // The spans are let go: a request that is repeated for long holds its bytes alone.
    spans.length = 0
    for (let attempt = 1; ; attempt++) {
      const answer = rejectedSpans(await sender.send(bytes))
      if (answer.isTaken) {
        this.#pauseMs = 0
        record.took(count - answer.rejected)
        if (answer.rejected > 0) record.refused(answer.why, answer.rejected)
        return true
      }
      const isLast = !answer.isRetryable || attempt === MAX_ATTEMPTS || this.#isEnding
      record.refused(answer.why, isLast ? count : 0)
      this.#pauseMs = this.#pauseAfter(answer)
      if (isLast) return false
      await this.#nap.sleep(this.#pauseMs)
    }
  }

  #pauseAfter(answer: Answer): number {
    const grown = Math.min(MAX_PAUSE_MS, Math.max(PAUSE_MS, 2 * this.#pauseMs))
    const asked = answer.isTaken ? 0 : Math.min(MAX_ASKED_PAUSE_MS, answer.retryAfterMs ?? 0)
    return Math.max(grown, asked)
  }
}
