import type { Attributes } from '@opentelemetry/api'
import { SpanAttribute } from '../../../framework/telemetry/index.ts'

/** Of the spans of everything that is done for a flow. */
export function flowAttributes(config: {
  readonly 'source.cluster.alias': string
  readonly 'target.cluster.alias': string
}): Attributes {
  const { 'source.cluster.alias': source, 'target.cluster.alias': target } = config
  return {
    [SpanAttribute.flow]: `${source}->${target}`,
    [SpanAttribute.sourceCluster]: source,
    [SpanAttribute.targetCluster]: target,
  }
}
