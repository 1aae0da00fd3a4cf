import { metrics } from '@opentelemetry/api'
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from '@opentelemetry/otlp-exporter-base/node-http'
import { MetricsExporterMetricsHelper, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { AggregationTemporality, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import type { MetricSource } from '../../api/index.ts'
import { SourcesProducer } from './sources-producer.ts'
import type { TelemetryOptions } from './start-telemetry.ts'
import { toldOnce } from './told-once.ts'

const INTERVAL_MS = 60_000
const LAST_EXPORT_MS = 2_000
/** Data points of one request: five thousand partitions make several. */
const MAX_POINTS = 20_000

/** Metrics on their way by OTLP. */
export interface MetricsExport {
  /** What is exported from now on, besides what plugins measure with their `METER`. */
  show(sources: readonly MetricSource[]): void
  /** Exports once more; never rejects, and not for long. */
  flush(): Promise<void>
  close(): Promise<void>
}

/**
 * Exports by OTLP over HTTP to where the standard variables say: OTEL_EXPORTER_OTLP_(METRICS_)ENDPOINT, _HEADERS, _TIMEOUT, _COMPRESSION,
 * OTEL_METRIC_EXPORT_INTERVAL, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES. A collector that is down costs one request per interval and two
 * lines of the log.
 */
export function startMetrics({
  logger,
  program,
  environment,
}: TelemetryOptions & { readonly environment: NodeJS.ProcessEnv }): MetricsExport {
  const http = convertLegacyHttpOptions({}, 'METRICS', 'v1/metrics', { 'Content-Type': 'application/x-protobuf' })
  const delegate = createOtlpHttpExportDelegate(
    http,
    ProtobufMetricsSerializer,
    'otlp_http_metric_exporter',
    MetricsExporterMetricsHelper,
    undefined,
  )
  const producer = new SourcesProducer()
  const [name, version = ''] = program.split('/')
  const reader = new PeriodicExportingMetricReader({
    exporter: toldOnce(
      {
        export: (data, done) => delegate.export(data, done),
        forceFlush: () => delegate.forceFlush(),
        shutdown: () => delegate.shutdown(),
        selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
      },
      logger,
    ),
    ...intervalOf(environment.OTEL_METRIC_EXPORT_INTERVAL),
    metricProducers: [producer],
    maxExportBatchSize: MAX_POINTS,
  })
  const named = resourceFromAttributes({ 'service.name': name, 'service.version': version })
  const resource = named.merge(detectResources({ detectors: [envDetector] }))
  const provider = new MeterProvider({ resource, readers: [reader] })
  metrics.setGlobalMeterProvider(provider)
  const inTime = (job: Promise<void>): Promise<void> => {
    const timeout = new Promise<void>(done => setTimeout(done, LAST_EXPORT_MS).unref())
    return Promise.race([job, timeout]).catch((error: unknown) => logger.debug({ error }, 'The last metrics were not exported'))
  }
  return {
    show: sources => producer.show(sources),
    flush: () => inTime(provider.forceFlush()),
    close: () => {
      producer.show([])
      return inTime(provider.shutdown())
    },
  }
}

function intervalOf(text: string | undefined): { readonly exportIntervalMillis: number; readonly exportTimeoutMillis: number } {
  const asked = Number(text)
  const exportIntervalMillis = text?.trim() && asked >= 100 ? asked : INTERVAL_MS
  return { exportIntervalMillis, exportTimeoutMillis: Math.min(30_000, exportIntervalMillis) }
}
