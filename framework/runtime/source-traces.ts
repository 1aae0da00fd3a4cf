import type { Attributes, Link, SpanContext, Tracer } from '@opentelemetry/api'
import type { ConnectError, SourceBatch, SourcePart, SourcePartition } from '../api/index.ts'
import { Ring } from '../flow/index.ts'
import { batchSpan, linksOf, SpanAttribute, type SpanEvent, type Stage, stageSpan, wallClockOffset } from '../telemetry/index.ts'
import { defaultDescription, eventOf, isEncoded, operation, recordsOf } from './part-attributes.ts'
import type { PartitionEvent } from './partition-events.ts'
import type { TaskPartitions } from './partition-status.ts'
import { RateLimit } from './rate-limit.ts'
import type { PendingPart, SourceLane } from './source-lane.ts'
import type { PartDescription, TraceOptions } from './trace-options.ts'

/** When the source was asked for a batch, when it answered, and when the task handed it on: milliseconds of `performance.now()`. */
export interface BatchTimes {
  readonly requestedAt: number
  readonly receivedAt: number
  readonly emittedAt: number
}

/** What a part in trouble may cost, however many there are: in an outage every one is slow. */
const SLOW = { burst: 100, perSecond: 50 }
const TROUBLES = { burst: 20, perSecond: 2 }
/** Traced parts that wait for their commit. */
const AWAITING = 2_000

/**
 * Spans of one run of a task, made after the fact from times noted on the way. A part that is not traced costs a few numbers. Traced are a share
 * of the parts, chosen when they are sent, those that were slow, those that failed, and those in whose time something happened to their partition.
 */
export class SourceTraces {
  readonly #tracer: Tracer
  readonly #options: TraceOptions
  readonly #verb: string
  readonly #attributes: Attributes
  readonly #describe: PartDescription
  readonly #slow = new RateLimit(SLOW)
  readonly #troubles = new RateLimit(TROUBLES)
  readonly #times = new Ring<BatchTimes>()
  #awaiting: SpanContext[] = []
  /** While a batch is taken in the turn in which it came: its time will do. */
  #turnAt = 0
  #encodeAt = 0
  readonly #hasStage: boolean

  /** @param hasStage parts go through converters and transforms */
  constructor(tracer: Tracer, taskId: string, options: TraceOptions, hasStage: boolean) {
    this.#tracer = tracer
    this.#hasStage = hasStage
    this.#options = options
    this.#verb = options.verb ?? 'source'
    this.#attributes = { [SpanAttribute.system]: 'kafka', [SpanAttribute.task]: taskId, ...options.attributes }
    this.#describe = options.describe ?? defaultDescription
  }

  /** The task handed a batch on, which is about to be taken. */
  emitted({ requestedAt = 0, receivedAt = 0 }: SourceBatch): void {
    this.#turnAt = performance.now()
    this.#times.push({ requestedAt, receivedAt, emittedAt: this.#turnAt })
  }

  /** As much of it is taken as can be without waiting. */
  turned(): void {
    this.#turnAt = 0
  }

  /** All parts of the oldest batch are through. */
  answered(): void {
    this.#times.shift()
  }

  /** A part goes through converters and transforms, or is made into batches; or passes as it is. */
  encoding({ records }: SourcePart): void {
    this.#encodeAt = this.#hasStage || Array.isArray(records) ? performance.now() : 0
  }

  /** A part goes to the writer. */
  submitted(pending: PendingPart): void {
    pending.times = this.#times.peek()
    pending.encodeAt = this.#encodeAt
    pending.sentAt = this.#encodeAt > 0 || this.#turnAt === 0 ? performance.now() : this.#turnAt
    pending.isChosen = Math.random() < this.#options.settings.ratio
    this.#encodeAt = 0
  }

  /** The writer has acknowledged or refused the whole of it. The last moment at which its bytes can be looked at. */
  resolved(pending: PendingPart): void {
    const { times, lane, refusal: error } = pending
    if (times === undefined) return
    const now = performance.now()
    const hasNews = lane.tracedEvents !== lane.entry.events.count
    const isSlow = now - (times.requestedAt || times.emittedAt) >= this.#options.settings.slowMs
    if (!pending.isChosen && error === undefined && !hasNews && !isSlow) return
    const startAt = this.#startOf(pending.part, times)
    const countsFrom = this.#describe.answersAtOnce ? startAt : times.receivedAt || times.emittedAt
    const tookLong = now - countsFrom >= this.#options.settings.slowMs
    if (!pending.isChosen && !hasNews && !((tookLong || error !== undefined) && this.#slow.take())) return
    pending.span = this.#batch(pending, { startAt, endAt: now, tookLong, error })
  }

  /** A part that was traced is to be committed. */
  passed({ span }: PendingPart): void {
    if (span !== undefined && this.#awaiting.length < AWAITING) this.#awaiting.push(span)
  }

  /** Offsets are about to be stored; what it returns is called when they are, or could not be: they are stored with the next ones then. */
  committing(): (error?: Error) => void {
    const spans = this.#awaiting
    const startAt = performance.now()
    this.#awaiting = []
    return error => {
      if (spans.length === 0) return
      const attributes = { ...this.#attributes, ...operation('commit', 'settle') }
      const stage: Stage = { name: 'commit', startAt, endAt: performance.now(), attributes, error }
      const offset = wallClockOffset()
      for (const span of spans) stageSpan(this.#tracer, span, stage, offset)
      if (error !== undefined && this.#awaiting.length + spans.length <= AWAITING) this.#awaiting.unshift(...spans)
    }
  }

  /** A part never got to the writer. */
  partFailed(part: SourcePart, error: ConnectError): void {
    const times = this.#times.peek()
    if (times === undefined || !this.#troubles.take()) return
    const endAt = performance.now()
    const startAt = this.#startOf(part, times)
    const stages = [this.#receive(part, times, startAt), this.#stage('transform', this.#encodeAt || endAt, endAt, {}, error)]
    this.#encodeAt = 0
    this.#span(part, { startAt, endAt, stages, attributes: {}, error })
  }

  /** The same partitions, whose events are traced, whether or not there is a part to tell them. */
  watching(partitions: TaskPartitions): TaskPartitions {
    return {
      entry: partition => {
        const entry = partitions.entry(partition)
        entry.events.listener = event => this.#happened(partition, event)
        return entry
      },
    }
  }

  #happened(partition: SourcePartition, event: PartitionEvent): void {
    if (event.kind === 'flowing' || !this.#troubles.take()) return
    const { at, kind, code, cause, side } = event
    const error = Object.assign(new Error(cause ?? kind), { name: code ?? kind.toUpperCase() })
    const attributes = side === undefined ? {} : { [SpanAttribute.side]: side }
    const name = `${kind} ${this.#topic({ sourcePartition: partition })}`
    this.#span({ sourcePartition: partition }, { name, startAt: at, endAt: at, stages: [], attributes, error })
  }

  /** The run ended with an error. */
  taskFailed(error: ConnectError): void {
    if (!this.#troubles.take()) return
    const at = performance.now()
    const name = `task ${this.#attributes[SpanAttribute.task]}`
    batchSpan(this.#tracer, {
      name,
      startAt: at,
      endAt: at,
      attributes: this.#attributes,
      stages: [],
      events: [],
      links: [],
      error,
    })
  }

  #batch(pending: PendingPart, { startAt, endAt, tookLong, error }: Outcome): SpanContext {
    const { part, lane, times, topic, partition, baseOffset, count, bytes, encodeAt, sentAt } = pending
    const target = {
      [SpanAttribute.targetTopic]: topic,
      [SpanAttribute.targetPartition]: partition,
      ...(baseOffset >= 0 && {
        [SpanAttribute.targetFirstOffset]: baseOffset,
        [SpanAttribute.targetLastOffset]: baseOffset + count - 1,
      }),
    }
    const sent: Attributes = {
      ...operation('produce', 'send'),
      [SpanAttribute.destination]: topic,
      [SpanAttribute.destinationPartition]: String(partition),
      ...(baseOffset >= 0 && { [SpanAttribute.offset]: baseOffset }),
    }
    const stages = [
      this.#receive(part, times!, startAt),
      ...(encodeAt > 0 ? [this.#stage('transform', encodeAt, sentAt)] : []),
      this.#stage('send', sentAt, endAt, sent, error),
    ]
    const attributes = { ...target, [SpanAttribute.messageCount]: count || recordsOf(part), [SpanAttribute.bytes]: bytes }
    return this.#span(part, {
      startAt,
      endAt,
      stages,
      attributes,
      error,
      links: this.#linksOf(part),
      events: this.#events(lane, endAt, tookLong),
    })
  }

  #span(part: Pick<SourcePart, 'sourcePartition'>, traced: Traced): SpanContext {
    const { startAt, endAt, stages, error, events = [], links = [], name } = traced
    const timestamp = 'records' in part ? this.#describe.timestampOf(part as SourcePart) : -1
    const skipped = this.#slow.takeRefused()
    return batchSpan(this.#tracer, {
      name: name ?? `${this.#verb} ${this.#topic(part)}`,
      startAt,
      endAt,
      stages,
      events,
      links,
      error,
      attributes: {
        ...this.#attributes,
        ...this.#describe.attributes(part),
        ...traced.attributes,
        ...(timestamp >= 0 && { [SpanAttribute.replicationLatency]: Math.round(wallClockOffset() + endAt - timestamp) }),
        ...(skipped > 0 && { [SpanAttribute.skipped]: skipped }),
      },
    })
  }

  #topic(part: Pick<SourcePart, 'sourcePartition'>): string {
    return this.#describe.topicOf(part) ?? String(this.#attributes[SpanAttribute.task])
  }

  #receive(part: SourcePart, times: BatchTimes, startAt: number): Stage {
    const { destination, destinationPartition, offset } = SpanAttribute
    const own = this.#describe.attributes(part)
    const at = { [destination]: own[destination], [destinationPartition]: own[destinationPartition], [offset]: own[offset] }
    return this.#stage('receive', startAt, times.emittedAt, { ...operation('fetch', 'receive'), ...at })
  }

  #stage(name: Stage['name'], startAt: number, endAt: number, attributes: Attributes = {}, error?: Error): Stage {
    const { system } = SpanAttribute
    return { name, startAt, endAt, attributes: { [system]: this.#attributes[system], ...attributes }, error }
  }

  /** A broker that was asked before there were records waits for them: that is no part of their way. */
  #startOf(part: SourcePart, { requestedAt, receivedAt, emittedAt }: BatchTimes): number {
    if (requestedAt === 0) return emittedAt
    const timestamp = this.#describe.timestampOf(part)
    return timestamp < 0 ? requestedAt : Math.max(requestedAt, Math.min(timestamp - wallClockOffset(), receivedAt))
  }

  #events(lane: SourceLane, endAt: number, tookLong: boolean): SpanEvent[] {
    const events = lane.entry.events.after(lane.tracedEvents).map(eventOf)
    lane.tracedEvents = lane.entry.events.count
    return tookLong ? [...events, { name: 'slow', at: endAt }] : events
  }

  #linksOf({ records }: SourcePart): Link[] {
    if (!this.#options.settings.links) return []
    return linksOf(isEncoded(records) ? records.records() : records)
  }
}

interface Outcome {
  readonly startAt: number
  readonly endAt: number
  readonly tookLong: boolean
  readonly error: ConnectError | undefined
}

interface Traced {
  /** Instead of verb and topic. */
  readonly name?: string
  readonly startAt: number
  readonly endAt: number
  readonly stages: readonly Stage[]
  readonly attributes: Attributes
  readonly events?: readonly SpanEvent[]
  readonly links?: readonly Link[]
  readonly error?: Error | undefined
}
