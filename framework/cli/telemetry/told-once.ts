import type { PushMetricExporter } from '@opentelemetry/sdk-metrics'
import type { Logger } from '../../api/index.ts'

/** Says when exports begin to fail and when they succeed again; nothing in between. */
export function toldOnce(exporter: PushMetricExporter, logger: Logger): PushMetricExporter {
  let isFailing = false
  return {
    export(data, done) {
      exporter.export(data, result => {
        const hasFailed = result.error !== undefined
        if (hasFailed && !isFailing) {
          const { error } = result
          logger.warn({ error }, `Metrics cannot be exported, each interval tries again: ${error?.message}`)
        }
        if (!hasFailed && isFailing) logger.info({}, 'Metrics are exported again')
        isFailing = hasFailed
        done(result)
      })
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    selectAggregationTemporality: type => exporter.selectAggregationTemporality?.(type) ?? 1,
  }
}
