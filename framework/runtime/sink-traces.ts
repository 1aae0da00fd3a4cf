import type { Attributes } from '@opentelemetry/api'
import { linksOf, SpanAttribute, wallClockOffset } from '../telemetry/index.ts'
import { operation } from './part-attributes.ts'
import type { TaskPartitions } from './partition-registry.ts'
import type { QueuedBatch } from './sink-batch.ts'
import { TaskSpans, type TaskSpansOptions } from './task-spans.ts'

/** Milliseconds of `performance.now()`; 0 = not yet. */
export interface SinkMarks {
  /** When the broker was asked for it. */
  readonly requestedAt: number
  /** When it had arrived. */
  readonly receivedAt: number
  /** When the task was given it first. */
  deliveredAt: number
  /** When converters and transforms began and ended. */
  convertAt: number
  convertedAt: number
  readonly isChosen: boolean
}

export interface SinkTracesOptions extends TaskSpansOptions {
  readonly groupId: string
}

/** Spans of one run of a sink task, made when a batch is acknowledged, by the rules of those of sources. */
export class SinkTraces {
  readonly spans: TaskSpans
  readonly #groupId: string

  constructor(options: SinkTracesOptions) {
    this.spans = new TaskSpans(options)
    this.#groupId = options.groupId
  }

  marks({ requestedAt, receivedAt }: { readonly requestedAt: number; readonly receivedAt: number }): SinkMarks {
    return { requestedAt, receivedAt, deliveredAt: 0, convertAt: 0, convertedAt: 0, isChosen: this.spans.isChosen() }
  }

  watching(partitions: TaskPartitions): TaskPartitions {
    return this.spans.watching(partitions, ({ topic, partition }) => ({
      topic: String(topic),
      attributes: { [SpanAttribute.destination]: String(topic), [SpanAttribute.destinationPartition]: String(partition) },
    }))
  }

  /** The task is done with it, and its bytes are still there. */
  acked(batch: QueuedBatch): void {
    const { marks, lane } = batch
    if (marks === undefined) return
    const endAt = performance.now()
    const hasNews = lane.tracedEvents !== lane.entry.events.count
    const isSlow = endAt - marks.receivedAt >= this.spans.settings.slowMs
    if (!marks.isChosen && !hasNews && !(isSlow && this.spans.mayTell())) return
    this.spans.safely(() => this.#trace(batch, marks, endAt, isSlow))
  }

  #trace(batch: QueuedBatch, marks: SinkMarks, endAt: number, isSlow: boolean): void {
    const { spans } = this
    const { convertAt, convertedAt, receivedAt } = marks
    const deliveredAt = marks.deliveredAt || endAt
    const timestamp = batch.maxTimestamp
    const startAt =
      timestamp < 0 ? marks.requestedAt : Math.max(marks.requestedAt, Math.min(timestamp - wallClockOffset(), receivedAt))
    const where: Attributes = {
      [SpanAttribute.destination]: batch.topic,
      [SpanAttribute.destinationPartition]: String(batch.partition),
      [SpanAttribute.offset]: batch.firstOffset,
    }
    const attributes: Attributes = {
      ...where,
      [SpanAttribute.consumerGroup]: this.#groupId,
      [SpanAttribute.sourceFirstOffset]: batch.firstOffset,
      [SpanAttribute.sourceLastOffset]: batch.lastOffset,
      [SpanAttribute.messageCount]: batch.count,
      [SpanAttribute.bytes]: batch.byteLength,
      [SpanAttribute.hopLatency]: Math.round(endAt - receivedAt),
      [SpanAttribute.deliveries]: batch.deliveries,
    }
    const span = spans.batch({
      name: `sink ${batch.topic}`,
      startAt,
      endAt,
      stages: [
        spans.stage('receive', startAt, deliveredAt, { attributes: { ...operation('fetch', 'receive'), ...where } }),
        ...(convertedAt > 0 ? [spans.stage('transform', convertAt, convertedAt)] : []),
        spans.stage('deliver', deliveredAt, endAt, { attributes: operation('deliver', 'process') }),
      ],
      attributes,
      timestamp,
      events: spans.events(batch.lane, isSlow ? endAt : undefined),
      links: spans.settings.links ? linksOf(batch.headers()) : [],
    })
    spans.passed(span)
  }
}
