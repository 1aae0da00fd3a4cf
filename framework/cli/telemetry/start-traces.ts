import { randomUUID } from 'node:crypto'
import { context, trace } from '@opentelemetry/api'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { samplerRatio } from '../../telemetry/index.ts'
import { AsyncContext } from './async-context.ts'
import { ExportRecord } from './export-record.ts'
import { OtlpSender } from './otlp-sender.ts'
import { SpanQueue } from './span-queue.ts'
import type { TelemetryOptions } from './start-telemetry.ts'
import { WhileRoom } from './while-room.ts'

/** Of an ending process, and of one whose collector takes nothing. */
const LAST_MS = 2_000
const LAST_OF_TROUBLED_MS = 500
/** What a cause or a message may take at most. */
const MAX_VALUE_CHARACTERS = 4_096

/** Traces on their way by OTLP. */
export interface TracesExport {
  readonly record: ExportRecord
  /** Sends the last ones; never rejects, and not for long. */
  close(): Promise<void>
}

/** The SDK, as the standard variables say. Which batches are traced is decided before: what gets here is sent. */
export function startTraces({
  logger,
  program,
  environment,
}: TelemetryOptions & { readonly environment: NodeJS.ProcessEnv }): TracesExport {
  const number = (name: string, preset: number): number => positive(environment[name]) ?? preset
  tellWhatIsNot(environment, options => logger.warn({}, options))
  const sender = new OtlpSender({
    signal: 'TRACES',
    userAgent: program,
    timeoutMs: number('OTEL_BSP_EXPORT_TIMEOUT', 30_000),
  })
  const record = new ExportRecord({ signal: 'traces', endpoint: sender.url, logger })
  const maxQueue = number('OTEL_BSP_MAX_QUEUE_SIZE', 4_096)
  const queue = new SpanQueue({
    sender,
    record,
    maxQueue,
    maxBatch: Math.min(maxQueue, number('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512)),
    delayMs: number('OTEL_BSP_SCHEDULE_DELAY', 1_000),
    lastMs: LAST_MS,
    lastOfTroubledMs: LAST_OF_TROUBLED_MS,
  })
  const [name = 'isthmus', version = ''] = program.split('/')
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': name, 'service.version': version, 'service.instance.id': randomUUID() }))
    .merge(detectResources({ detectors: [envDetector] }))
  const provider = new TracerProvider({
    resource,
    sampler: new WhileRoom(queue, record),
    spanProcessors: [queue],
    spanLimits: { attributeValueLengthLimit: MAX_VALUE_CHARACTERS },
  })
  context.setGlobalContextManager(new AsyncContext())
  trace.setGlobalTracerProvider(provider)
  logger.info({ endpoint: sender.url }, `traces are sent to ${sender.url}`)
  return {
    record,
    close: () => provider.shutdown().catch((error: unknown) => logger.debug({ error }, 'The last traces could not be sent')),
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
