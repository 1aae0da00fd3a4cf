import type { Attributes } from '@opentelemetry/api'
import type { SourcePart } from '../../../framework/api/index.ts'
import type { PartDescription } from '../../../framework/runtime/index.ts'
import { SpanAttribute } from '../../../framework/telemetry/index.ts'
import { MirrorPart } from '../source/mirror-records.ts'

/** What the spans of copied batches say besides what every source's do. */
export const mirrorDescription: PartDescription = {
  answersAtOnce: true,
  topicOf: ({ sourcePartition }) => String(sourcePartition.topic),
  attributes: part => ({ ...partitionAttributes(part), ...(part instanceof MirrorPart && recordAttributes(part)) }),
  timestampOf: part => (part instanceof MirrorPart ? part.records.header.maxTimestamp : -1),
}

function partitionAttributes({ sourcePartition: { topic, partition } }: Pick<SourcePart, 'sourcePartition'>): Attributes {
  return {
    [SpanAttribute.destination]: String(topic),
    [SpanAttribute.destinationPartition]: String(partition),
    [SpanAttribute.sourceTopic]: String(topic),
    [SpanAttribute.sourcePartition]: Number(partition),
  }
}

function recordAttributes({ records, sourceOffset }: MirrorPart): Attributes {
  return {
    [SpanAttribute.offset]: records.firstOffset,
    [SpanAttribute.sourceFirstOffset]: records.firstOffset,
    [SpanAttribute.sourceLastOffset]: Number(sourceOffset.offset),
    [SpanAttribute.codec]: records.header.codec,
  }
}
