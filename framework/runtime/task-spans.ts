import type { Attributes, SpanContext, Tracer } from '@opentelemetry/api'
import type { ConnectError, Logger, SourcePartition } from '../api/index.ts'
import { RateLimit } from '../flow/index.ts'
import {
  batchSpan,
  type FinishedBatch,
  SpanAttribute,
  type SpanEvent,
  type Stage,
  stageSpan,
  type TraceSettings,
  wallClockOffset,
} from '../telemetry/index.ts'
import { eventOf, operation } from './part-attributes.ts'
import type { PartitionEntry } from './partition-entry.ts'
import type { PartitionEvent } from './partition-events.ts'
import type { TaskPartitions } from './partition-registry.ts'
import type { TraceOptions } from './trace-options.ts'

/** What batches in trouble may cost, however many there are: in an outage every one is slow. */
const SLOW = { burst: 100, perSecond: 50 }
/** Of the share: small batches come by the hundred thousand a second, and one traced costs as much as hundreds that are not. */
const CHOSEN = { burst: 100, perSecond: 20 }
const TROUBLES = { burst: 20, perSecond: 2 }
/** Traced batches that wait for their commit. */
const AWAITING = 2_000

export interface TaskSpansOptions {
  readonly tracer: Tracer
  readonly taskId: string
  readonly trace: TraceOptions
  readonly logger: Logger
}

/** A batch and what is to be said of it. */
export interface TracedBatch extends Omit<FinishedBatch, 'events' | 'links'>, Partial<Pick<FinishedBatch, 'events' | 'links'>> {
  /** Of its newest record, in milliseconds since the epoch; -1 = none. */
  readonly timestamp?: number
}

/** The spans of one run of a task, of whatever kind. */
export class TaskSpans {
  readonly settings: TraceSettings
  readonly attributes: Attributes
  readonly #tracer: Tracer
  readonly #taskId: string
  readonly #logger: Logger
  readonly #slow = new RateLimit(SLOW)
  readonly #chosen = new RateLimit(CHOSEN)
  readonly #troubles = new RateLimit(TROUBLES)
  #awaiting: SpanContext[] = []
  #untilChosen: number

  constructor({ tracer, taskId, trace, logger }: TaskSpansOptions) {
    this.#tracer = tracer
    this.#taskId = taskId
    this.#logger = logger
    this.settings = trace.settings
    this.#untilChosen = batchesUntil(trace.settings.ratio)
    this.attributes = { [SpanAttribute.system]: 'kafka', [SpanAttribute.task]: taskId, ...trace.attributes }
  }

  /** Whether the next batch is one of the share that is traced; no more than are of use, unless all are wanted. */
  isChosen(): boolean {
    if (--this.#untilChosen > 0) return false
    const { ratio } = this.settings
    this.#untilChosen = batchesUntil(ratio)
    return ratio === 1 || this.#chosen.take()
  }

  /** Whether a batch may be traced for having been slow or failed. */
  mayTell(): boolean {
    return this.#slow.take()
  }

  /** Nothing that goes wrong here may hurt the copy. */
  safely(job: () => void): void {
    try {
      job()
    } catch (error) {
      this.#logger.debug({ error }, `Task ${this.#taskId}: a batch could not be traced`)
    }
  }

  batch({ timestamp = -1, events = [], links = [], ...batch }: TracedBatch): SpanContext {
    const skipped = this.#slow.takeRefused()
    const attributes: Attributes = {
      ...this.attributes,
      ...batch.attributes,
      ...(timestamp >= 0 && { [SpanAttribute.replicationLatency]: Math.round(wallClockOffset() + batch.endAt - timestamp) }),
      ...(skipped > 0 && { [SpanAttribute.skipped]: skipped }),
    }
    return batchSpan(this.#tracer, { ...batch, events, links, attributes })
  }

  stage(name: Stage['name'], startAt: number, endAt: number, more: Pick<Stage, 'attributes' | 'error'> = {}): Stage {
    const attributes = { [SpanAttribute.system]: this.attributes[SpanAttribute.system], ...more.attributes }
    return { name, startAt, endAt: Math.max(startAt, endAt), attributes, error: more.error }
  }

  /** What happened to a partition since the last span of it told of its events, and that a batch of it was slow. */
  events(told: { readonly entry: PartitionEntry; tracedEvents: number }, slowAt: number | undefined): SpanEvent[] {
    const { events } = told.entry
    const news = events.after(told.tracedEvents).map(eventOf)
    told.tracedEvents = events.count
    return slowAt === undefined ? news : [...news, { name: 'slow', at: slowAt }]
  }

  /** A traced batch is to be committed. */
  passed(span: SpanContext): void {
    if (this.#awaiting.length < AWAITING) this.#awaiting.push(span)
  }

  /** Offsets are about to be stored; what it returns is called when they are, or could not be: they are stored with the next ones then. */
  committing(): (error?: Error) => void {
    const spans = this.#awaiting
    const startAt = performance.now()
    this.#awaiting = []
    return error => {
      if (spans.length === 0) return
      const stage = this.stage('commit', startAt, performance.now(), { attributes: operation('commit', 'settle'), error })
      const offset = wallClockOffset()
      for (const span of spans) stageSpan(this.#tracer, span, stage, offset)
      if (error !== undefined && this.#awaiting.length + spans.length <= AWAITING) this.#awaiting.unshift(...spans)
    }
  }

  /** The same partitions, whose troubles are traced, whether or not there is a batch to tell them. */
  watching(
    partitions: TaskPartitions,
    of: (partition: SourcePartition) => { readonly topic: string; readonly attributes: Attributes },
  ): TaskPartitions {
    return {
      totals: partitions.totals,
      entry: (partition: SourcePartition): PartitionEntry => {
        const entry = partitions.entry(partition)
        entry.events.listener = event => this.safely(() => this.#trouble(event, of(partition)))
        return entry
      },
    }
  }

  #trouble(event: PartitionEvent, { topic, attributes }: { readonly topic: string; readonly attributes: Attributes }): void {
    if (event.kind === 'flowing' || !this.mayTellTrouble()) return
    const { at, kind, code, cause, side } = event
    const error = Object.assign(new Error(cause ?? kind), { name: code ?? kind.toUpperCase() })
    const own = side === undefined ? attributes : { ...attributes, [SpanAttribute.side]: side }
    event.span = this.batch({ name: `${kind} ${topic}`, startAt: at, endAt: at, stages: [], attributes: own, error })
  }

  mayTellTrouble(): boolean {
    return this.#troubles.take()
  }

  /** The run ended with an error. The span that tells of it, where there is one. */
  taskFailed(error: ConnectError): SpanContext | undefined {
    if (!this.mayTellTrouble()) return undefined
    const at = performance.now()
    let span: SpanContext | undefined
    this.safely(() => {
      span = this.batch({ name: `task ${this.#taskId}`, startAt: at, endAt: at, attributes: {}, stages: [], error })
    })
    return span
  }
}

/** How many batches on the next one of a share is: as if each was drawn by itself, with one draw for all up to it. */
function batchesUntil(ratio: number): number {
  if (ratio <= 0) return Number.POSITIVE_INFINITY
  return ratio >= 1 ? 1 : 1 + Math.floor(Math.log(1 - Math.random()) / Math.log(1 - ratio))
}
