import type { Logger, StatusEvent } from '../../api/index.ts'
import type { ExportFigures, SpanLoss } from '../../telemetry/metrics/index.ts'
import { ExportEvents } from './export-events.ts'

const QUIET_MS = 60_000
/** Without a loss for so long, the queue keeps up again. */
const KEEPS_UP_MS = 10_000

export interface ExportRecordOptions {
  readonly signal: 'traces' | 'metrics'
  readonly endpoint: string
  readonly logger: Logger
}

/**
 * What becomes of the traces or the metrics that are to be sent. It is counted, shown as an event, and logged: as it begins to go wrong, once a
 * minute while it does, and when it is over.
 */
export class ExportRecord implements ExportFigures {
  readonly signal: 'traces' | 'metrics'
  sent = 0
  failed = 0
  spansSent = 0
  readonly spansLost: Record<SpanLoss, number> = { queue_full: 0, not_taken: 0 }
  readonly #endpoint: string
  readonly #logger: Logger
  readonly #code: string
  readonly #events: ExportEvents
  #isTroubled = false
  /** Of the present trouble. */
  #lostSince = 0
  #isTold = false
  #toldAt = Number.NEGATIVE_INFINITY
  #queueFullAt = Number.NEGATIVE_INFINITY

  constructor({ signal, endpoint, logger }: ExportRecordOptions) {
    this.signal = signal
    this.#endpoint = endpoint
    this.#logger = logger
    this.#code = `${signal.toUpperCase()}_NOT_SENT`
    this.#events = new ExportEvents('telemetry')
  }

  get isFailing(): boolean {
    return this.#isTroubled
  }

  get events(): readonly StatusEvent[] {
    return this.#events.list()
  }

  /** The collector has taken what one request held. */
  took(spans = 0): void {
    this.sent++
    this.spansSent += spans
    if (!this.#isTroubled) return
    if (performance.now() - this.#queueFullAt < KEEPS_UP_MS) this.#tellTooMany()
    else this.#over()
  }

  /** The collector has not taken a request. @param spans that are lost by it; 0 = they are sent again */
  refused(why: string, spans = 0): void {
    this.failed++
    this.#lose(spans, 'not_taken')
    this.#tell(why, SEE_TO_IT)
  }

  /** There was no room for a span. */
  queueFull(): void {
    this.#queueFullAt = performance.now()
    this.#lose(1, 'queue_full')
    if (!this.#isTroubled) this.#tellTooMany()
  }

  /** Nothing more is sent: what is left is lost. */
  close(spansLeft = 0): void {
    if (spansLeft === 0) return
    this.#lose(spansLeft, 'not_taken')
    this.#logger.warn(
      { code: this.#code, endpoint: this.#endpoint, lost: spansLeft },
      `the last ${spansLeft} spans were not sent`,
    )
  }

  #tellTooMany(): void {
    this.#tell('more spans are made than it takes', 'lower isthmus.trace.ratio, or raise OTEL_BSP_MAX_QUEUE_SIZE')
  }

  #lose(spans: number, reason: SpanLoss): void {
    this.spansLost[reason] += spans
    this.#lostSince += spans
  }

  #tell(why: string, advice: string): void {
    const isNew = !this.#isTroubled
    this.#isTroubled = true
    const message = `${this.signal} cannot be sent to ${this.#endpoint}: ${why}; ${this.#loss()}: ${advice}`
    this.#events.trouble({ code: this.#code, message }, Date.now())
    if (isNew) this.#isTold = false
    const now = performance.now()
    if (now - this.#toldAt < QUIET_MS) return
    this.#toldAt = now
    this.#isTold = true
    this.#logger.warn({ code: this.#code, endpoint: this.#endpoint, lost: this.#lostSince }, message)
  }

  #over(): void {
    this.#isTroubled = false
    const lost = this.#lostSince
    this.#lostSince = 0
    const loss = this.signal === 'metrics' ? '' : `; ${lost} spans were lost`
    const message = `${this.signal} are sent to ${this.#endpoint} again${loss}`
    this.#events.over({ message }, Date.now())
    if (this.#isTold) this.#logger.info({ endpoint: this.#endpoint, lost }, message)
  }

  #loss(): string {
    if (this.signal === 'metrics') return 'nothing else is held up, the collector lacks what they are until it takes them'
    return `nothing else is held up, ${this.#lostSince} spans are lost so far`
  }
}

const SEE_TO_IT = 'see that a collector takes OTLP over HTTP there'
