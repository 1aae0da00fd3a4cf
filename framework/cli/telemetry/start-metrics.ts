import { metrics } from '@opentelemetry/api'
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import type { MetricSource } from '../../api/index.ts'
import { ExportRecord } from './export-record.ts'
import { MetricsExporter } from './metrics-exporter.ts'
import { OtlpSender } from './otlp-sender.ts'
import { SourcesProducer } from './sources-producer.ts'
import type { TelemetryOptions } from './start-telemetry.ts'

const INTERVAL_MS = 60_000
const MAX_TIMEOUT_MS = 30_000
/** All that is done at the end, and where the collector takes nothing. */
const LAST_MS = 2_000
const LAST_OF_TROUBLED_MS = 500
/** Data points of one request: five thousand partitions make several. */
const MAX_POINTS = 20_000

/** Metrics on their way by OTLP. */
export interface MetricsExport {
  readonly record: ExportRecord
  /** What is exported from now on, besides what plugins measure with their `METER`. */
  show(sources: readonly MetricSource[]): void
  /** Exports once more; never rejects, and not for long. */
  flush(): Promise<void>
  close(): Promise<void>
}

/**
 * Exports by OTLP over HTTP to where the standard variables say: OTEL_EXPORTER_OTLP_(METRICS_)ENDPOINT, _HEADERS, _TIMEOUT, _COMPRESSION,
 * OTEL_METRIC_EXPORT_INTERVAL, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES. One request is under way at a time, and ends before the next is due.
 */
export function startMetrics({
  logger,
  program,
  environment,
}: TelemetryOptions & { readonly environment: NodeJS.ProcessEnv }): MetricsExport {
  const exportIntervalMillis = intervalOf(environment.OTEL_METRIC_EXPORT_INTERVAL)
  const exportTimeoutMillis = Math.min(MAX_TIMEOUT_MS, exportIntervalMillis)
  const sender = new OtlpSender({ signal: 'METRICS', userAgent: program, timeoutMs: exportTimeoutMillis })
  const record = new ExportRecord({ signal: 'metrics', endpoint: sender.url, logger })
  const exporter = new MetricsExporter(sender, record)
  const producer = new SourcesProducer(() => exporter.begin())
  const [name, version = ''] = program.split('/')
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis,
    exportTimeoutMillis,
    metricProducers: [producer],
    maxExportBatchSize: MAX_POINTS,
  })
  const named = resourceFromAttributes({ 'service.name': name, 'service.version': version })
  const resource = named.merge(detectResources({ detectors: [envDetector] }))
  const provider = new MeterProvider({ resource, readers: [reader] })
  metrics.setGlobalMeterProvider(provider)
  logger.info({ endpoint: sender.url }, `metrics are sent to ${sender.url}`)
  let endsAt: number | undefined
  const inTime = async (job: () => Promise<void>): Promise<void> => {
    endsAt ??= performance.now() + (record.isFailing ? LAST_OF_TROUBLED_MS : LAST_MS)
    const late = setTimeout(() => sender.close(), Math.max(0, endsAt - performance.now()))
    await job().catch((error: unknown) => logger.debug({ error }, 'The last metrics were not exported'))
    clearTimeout(late)
  }
  return {
    record,
    show: sources => producer.show(sources),
    flush: () => inTime(() => provider.forceFlush()),
    close: async () => {
      producer.show([])
      await inTime(() => provider.shutdown())
      sender.close()
    },
  }
}

function intervalOf(text: string | undefined): number {
  const asked = Number(text)
  return text?.trim() && asked >= 100 ? asked : INTERVAL_MS
}
