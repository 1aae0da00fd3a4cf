import type { Attributes } from '@opentelemetry/api'
import type { SourcePart } from '../api/index.ts'
import type { BatchVerb, TraceSettings } from '../telemetry/index.ts'

/** What a connector knows of its parts that the runtime does not, for their spans. Asked for parts that are traced alone, before they are acknowledged. */
export interface PartDescription {
  /** The source answers as soon as it has records: if it takes longer, it is slow. Others may have waited for something to happen. */
  readonly answersAtOnce: boolean
  /** The topic in the span's name, for a part or for a whole partition; undefined = not known. */
  topicOf(part: Pick<SourcePart, 'sourcePartition'>): string | undefined
  attributes(part: Pick<SourcePart, 'sourcePartition'>): Attributes
  /** Of its newest record, in milliseconds since the epoch; -1 = none. */
  timestampOf(part: SourcePart): number
}

/** How the batches of a connector are traced. */
export interface TraceOptions {
  readonly settings: TraceSettings
  /** Of every span. */
  readonly attributes?: Attributes
  /** `mirror orders`; `source` by default. */
  readonly verb?: BatchVerb
  readonly describe?: PartDescription
}

/** What a connector itself says of how it is traced: a property `traces`. */
export type OwnTraces = Pick<TraceOptions, 'verb' | 'describe'>
