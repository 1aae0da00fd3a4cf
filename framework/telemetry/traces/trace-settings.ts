import type { ConfigDefinition } from '../../api/config-definition.ts'

/** Which batches are traced, and what is looked at then. */
export interface TraceSettings {
  /** The share of batches that are traced whatever becomes of them, from 0 to 1. */
  readonly ratio: number
  /** A batch that took at least this long is always traced. */
  readonly slowMs: number
  /** Traced batches are linked to the traces that produced their records: their headers are read for it. */
  readonly links: boolean
}

/** Keys of mirror files and of Connect workers. */
export const traceKeys = {
  'isthmus.trace.ratio': {
    type: 'double',
    default: '0.01',
    min: 0,
    max: 1,
    doc: 'share of batches that are traced; slow and failed ones always are. OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG win where set',
  },
  'isthmus.trace.slow.ms': { type: 'long', default: '1000', min: 1, doc: 'a batch that took this long is always traced' },
  'isthmus.trace.links': {
    type: 'boolean',
    default: 'false',
    doc: 'link traced batches to the traces in the traceparent headers of their first records, which are decoded for it',
  },
} as const satisfies ConfigDefinition

/** What `traceKeys` say once parsed, below what the environment says. */
export function traceSettings(
  config: {
    readonly 'isthmus.trace.ratio': number
    readonly 'isthmus.trace.slow.ms': number
    readonly 'isthmus.trace.links': boolean
  },
  environment: NodeJS.ProcessEnv = process.env,
): TraceSettings {
  return {
    ratio: samplerRatio(environment) ?? config['isthmus.trace.ratio'],
    slowMs: config['isthmus.trace.slow.ms'],
    links: config['isthmus.trace.links'],
  }
}

/** What OTEL_TRACES_SAMPLER says, where batches have no parent; undefined where it says nothing that is known. */
export function samplerRatio({ OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG }: NodeJS.ProcessEnv): number | undefined {
  switch (OTEL_TRACES_SAMPLER?.trim().replace(/^parentbased_/, '')) {
    case 'always_on':
      return 1
    case 'always_off':
      return 0
    case 'traceidratio': {
      const ratio = Number(OTEL_TRACES_SAMPLER_ARG?.trim() || '1')
      return ratio >= 0 && ratio <= 1 ? ratio : 1
    }
    default:
      return undefined
  }
}
