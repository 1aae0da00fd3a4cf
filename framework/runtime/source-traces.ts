import type { Attributes, Link } from '@opentelemetry/api'
import type { ConnectError, SourceBatch, SourcePart } from '../api/index.ts'
import { Ring, turnNow } from '../flow/index.ts'
import { type BatchVerb, linksOf, SpanAttribute, type Stage, wallClockOffset } from '../telemetry/index.ts'
import { defaultDescription, isEncoded, operation, recordsOf } from './part-attributes.ts'
import type { TaskPartitions } from './partition-registry.ts'
import type { PendingPart } from './source-lane.ts'
import { TaskSpans, type TaskSpansOptions } from './task-spans.ts'
import type { PartDescription } from './trace-options.ts'

/** When the source was asked for a batch, when it answered, and when the task handed it on: milliseconds of `performance.now()`. */
export interface BatchTimes {
  readonly requestedAt: number
  readonly receivedAt: number
  readonly emittedAt: number
}

export interface SourceTracesOptions extends TaskSpansOptions {
  /** Parts go through converters and transforms. */
  readonly hasStage: boolean
}

/**
 * Spans of one run of a task, made after the fact from times noted on the way. A part that is not traced costs a few numbers. Traced are a share
 * of the parts, chosen when they are sent, those that were slow, those that failed, and those in whose time something happened to their partition.
 */
export class SourceTraces {
  readonly spans: TaskSpans
  readonly #verb: BatchVerb
  readonly #describe: PartDescription
  readonly #hasStage: boolean
  readonly #times = new Ring<BatchTimes>()
  #encodeAt = 0

  constructor(options: SourceTracesOptions) {
    this.spans = new TaskSpans(options)
    this.#verb = options.trace.verb ?? 'source'
    this.#describe = options.trace.describe ?? defaultDescription
    this.#hasStage = options.hasStage
  }

  /** The task handed a batch on, which is about to be taken. */
  emitted({ requestedAt = 0, receivedAt = 0 }: SourceBatch): void {
    this.#times.push({ requestedAt, receivedAt, emittedAt: performance.now() })
  }

  /** All parts of the oldest batch are through. */
  answered(): void {
    this.#times.shift()
  }

  /** A part goes through converters and transforms, or is made into batches; or passes as it is. */
  encoding({ records }: SourcePart): void {
    this.#encodeAt = this.#hasStage || !isEncoded(records) ? performance.now() : 0
  }

  /** A part goes to the writer. */
  submitted(pending: PendingPart): void {
    pending.times = this.#times.peek()
    pending.encodeAt = this.#encodeAt
    pending.isChosen = this.spans.isChosen()
    this.#encodeAt = 0
  }

  /** The writer has acknowledged or refused the whole of it. The last moment at which its bytes can be looked at. */
  resolved(pending: PendingPart): void {
    const { times, part, lane, refusal, isChosen } = pending
    if (times === undefined || part === undefined) return
    const { slowMs } = this.spans.settings
    const endAt = turnNow()
    const hasNews = lane.tracedEvents !== lane.entry.events.count
    const mayBeSlow = endAt - (times.requestedAt || times.emittedAt) >= slowMs
    if (!isChosen && refusal === undefined && !hasNews && !mayBeSlow) return
    this.spans.safely(() => {
      const startAt = this.#startOf(part, times)
      const isSlow = endAt - (this.#describe.answersAtOnce ? startAt : arrivalOf(times)) >= slowMs
      if (isChosen || hasNews || ((isSlow || refusal !== undefined) && this.spans.mayTell())) {
        this.#trace(pending, part, times, { startAt, endAt, isSlow })
      }
    })
  }

  /** It and all before it are written. */
  passed({ span }: PendingPart): void {
    if (span !== undefined) this.spans.passed(span)
  }

  /** A part never got to the writer. */
  partFailed(part: SourcePart, error: ConnectError): void {
    const times = this.#times.peek()
    const endAt = performance.now()
    const encodeAt = this.#encodeAt || endAt
    this.#encodeAt = 0
    if (times === undefined || !this.spans.mayTell()) return
    this.spans.safely(() => {
      const startAt = this.#startOf(part, times)
      const stages = [this.#receive(part, times, startAt), this.spans.stage('transform', encodeAt, endAt, { error })]
      this.spans.batch({ name: this.#nameOf(part), startAt, endAt, stages, attributes: this.#describe.attributes(part), error })
    })
  }

  watching(partitions: TaskPartitions): TaskPartitions {
    return this.spans.watching(partitions, sourcePartition => ({
      topic: this.#topicOf({ sourcePartition }),
      attributes: this.#describe.attributes({ sourcePartition }),
    }))
  }

  #trace(pending: PendingPart, part: SourcePart, times: BatchTimes, { startAt, endAt, isSlow }: Outcome): void {
    const { lane, bytes, count, encodeAt, sentAtMs, refusal: error } = pending
    const { spans } = this
    pending.span = spans.batch({
      name: this.#nameOf(part),
      startAt,
      endAt,
      stages: [
        this.#receive(part, times, startAt),
        ...(encodeAt > 0 ? [spans.stage('transform', encodeAt, sentAtMs)] : []),
        spans.stage('send', sentAtMs, endAt, { attributes: sentAttributes(pending), error }),
      ],
      attributes: {
        ...this.#describe.attributes(part),
        ...targetAttributes(pending),
        [SpanAttribute.messageCount]: count || recordsOf(part),
        [SpanAttribute.bytes]: bytes,
        [SpanAttribute.hopLatency]: Math.round(endAt - arrivalOf(times)),
      },
      timestamp: this.#describe.timestampOf(part),
      events: spans.events(lane, isSlow ? endAt : undefined),
      links: this.#linksOf(part),
      error,
    })
  }

  #nameOf(part: SourcePart): string {
    return `${this.#verb} ${this.#topicOf(part)}`
  }

  #topicOf(part: Pick<SourcePart, 'sourcePartition'>): string {
    return this.#describe.topicOf(part) ?? String(this.spans.attributes[SpanAttribute.task])
  }

  #receive(part: SourcePart, { emittedAt }: BatchTimes, startAt: number): Stage {
    const own = this.#describe.attributes(part)
    const { destination, destinationPartition, offset } = SpanAttribute
    const where = { [destination]: own[destination], [destinationPartition]: own[destinationPartition], [offset]: own[offset] }
    return this.spans.stage('receive', startAt, emittedAt, { attributes: { ...operation('fetch', 'receive'), ...where } })
  }

  /** A broker that was asked before there were records waits for them: that is no part of their way. */
  #startOf(part: SourcePart, { requestedAt, receivedAt, emittedAt }: BatchTimes): number {
    if (requestedAt === 0) return emittedAt
    const timestamp = this.#describe.timestampOf(part)
    return timestamp < 0 ? requestedAt : Math.max(requestedAt, Math.min(timestamp - wallClockOffset(), receivedAt))
  }

  #linksOf({ records }: SourcePart): Link[] {
    if (!this.spans.settings.links) return []
    return linksOf(isEncoded(records) ? records.records() : records)
  }
}

interface Outcome {
  readonly startAt: number
  readonly endAt: number
  readonly isSlow: boolean
}

function arrivalOf({ receivedAt, emittedAt }: BatchTimes): number {
  return receivedAt || emittedAt
}

/** Not known of a part that was not written. */
function targetAttributes({ topic, partition, baseOffset, count }: PendingPart): Attributes {
  if (count === 0) return {}
  return {
    [SpanAttribute.targetTopic]: topic,
    [SpanAttribute.targetPartition]: partition,
    ...(baseOffset >= 0 && {
      [SpanAttribute.targetFirstOffset]: baseOffset,
      [SpanAttribute.targetLastOffset]: baseOffset + count - 1,
    }),
  }
}

function sentAttributes({ topic, partition, baseOffset, count, lane }: PendingPart): Attributes {
  const where = count > 0 ? { topic, partition } : lane.lastTarget
  return {
    ...operation('produce', 'send'),
    ...(where && {
      [SpanAttribute.destination]: where.topic,
      [SpanAttribute.destinationPartition]: String(where.partition),
    }),
    ...(baseOffset >= 0 && { [SpanAttribute.offset]: baseOffset }),
  }
}
