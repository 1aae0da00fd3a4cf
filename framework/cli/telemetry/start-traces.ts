import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { context, DiagLogLevel, diag, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { AlwaysOnSampler, BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { samplerRatio } from '../../telemetry/index.ts'
import { AsyncContext } from './async-context.ts'
import { ExportTrouble } from './export-trouble.ts'
import { PatientExporter } from './patient-exporter.ts'
import type { Telemetry, TelemetryOptions } from './start-telemetry.ts'

/** Of an ending process. */
const FLUSH_MS = 3_000
/** What a cause or a message may take at most. */
const MAX_VALUE_CHARACTERS = 4_096

/** The SDK, as the standard variables say. Which batches are traced is decided before: what gets here is sent. */
export function startTraces({
  logger,
  program,
  environment,
}: TelemetryOptions & { readonly environment: NodeJS.ProcessEnv }): Telemetry {
  const endpoint = environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?.trim() || environment.OTEL_EXPORTER_OTLP_ENDPOINT?.trim() || ''
  const trouble = new ExportTrouble(endpoint, logger)
  const number = (name: string, preset: number): number => positive(environment[name]) ?? preset
  tellWhatIsNot(environment, options => logger.warn({}, options))
  const queue = number('OTEL_BSP_MAX_QUEUE_SIZE', 4_096)
  const processor = new BatchSpanProcessor({
    exporter: new PatientExporter(new OTLPTraceExporter(), trouble),
    maxQueueSize: queue,
    maxExportBatchSize: Math.min(queue, number('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512)),
    scheduledDelayMillis: number('OTEL_BSP_SCHEDULE_DELAY', 1_000),
    exportTimeoutMillis: number('OTEL_BSP_EXPORT_TIMEOUT', 30_000),
  })
  const [name = 'isthmus', version = ''] = program.split('/')
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': name, 'service.version': version, 'service.instance.id': randomUUID() }))
    .merge(detectResources({ detectors: [envDetector] }))
  const provider = new TracerProvider({
    resource,
    sampler: new AlwaysOnSampler(),
    spanProcessors: [processor],
    spanLimits: { attributeValueLengthLimit: MAX_VALUE_CHARACTERS },
  })
  const tell = (message: string): void => trouble.happened(message)
  const nothing = (): void => undefined
  const sink = { error: tell, warn: tell, info: nothing, debug: nothing, verbose: nothing }
  diag.setLogger(sink, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
  context.setGlobalContextManager(new AsyncContext())
  trace.setGlobalTracerProvider(provider)
  logger.info({ endpoint }, `traces are sent to ${endpoint}`)
  return {
    async close() {
      trouble.close()
      const late = new AbortController()
      const failed = (error: unknown): void => logger.debug({ error }, 'The last traces could not be sent')
      await Promise.race([provider.shutdown().catch(failed), delay(FLUSH_MS, undefined, { signal: late.signal }).catch(failed)])
      late.abort()
    },
  }
}

function positive(text: string | undefined): number | undefined {
  const number = Number(text?.trim() || Number.NaN)
  return Number.isSafeInteger(number) && number > 0 ? number : undefined
}

function tellWhatIsNot(environment: NodeJS.ProcessEnv, warn: (message: string) => void): void {
  for (const name of ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL']) {
    const value = environment[name]?.trim()
    if (value && value !== 'http/protobuf') {
      warn(`${name} = ${value}: traces are sent as http/protobuf, which is all there is here; name the collector's port for it`)
    }
  }
  const sampler = environment.OTEL_TRACES_SAMPLER?.trim()
  if (sampler && samplerRatio(environment) === undefined) {
    warn(
      `OTEL_TRACES_SAMPLER = ${sampler} is not known here: isthmus.trace.ratio counts; write always_on, always_off or traceidratio`,
    )
  }
}
