import type { Logger } from '../../api/index.ts'
import { samplerRatio } from '../../telemetry/index.ts'
import type { ExportRecord } from './export-record.ts'
import type { MetricsExport } from './start-metrics.ts'

export interface TelemetryOptions {
  readonly logger: Logger
  /** `isthmus/0.1.0`. */
  readonly program: string
  readonly environment?: NodeJS.ProcessEnv
}

export interface Telemetry {
  /** Absent where no metrics are to be sent. */
  readonly metrics?: MetricsExport
  /** What becomes of what is sent; empty where nothing is. */
  readonly exports: readonly ExportRecord[]
  /** Sends what has not left yet, and does not take long over it whatever the collector does. Never rejects. */
  close(): Promise<void>
}

/**
 * Sends traces and metrics to the collector that the standard variables of OpenTelemetry name. What they name none for, or say that there is to be
 * none of, nothing is loaded for.
 */
export async function startTelemetry({ environment = process.env, ...options }: TelemetryOptions): Promise<Telemetry> {
  if (exportsTraces(environment) || exportsMetrics(environment)) (await import('./diagnostics.ts')).logDiagnostics(options.logger)
  const traces = exportsTraces(environment)
    ? (await import('./start-traces.ts')).startTraces({ environment, ...options })
    : undefined
  const metrics = exportsMetrics(environment)
    ? (await import('./start-metrics.ts')).startMetrics({ environment, ...options })
    : undefined
  return {
    ...(metrics !== undefined && { metrics }),
    exports: [traces?.record, metrics?.record].filter(record => record !== undefined),
    async close() {
      await Promise.all([traces?.close(), metrics?.close()])
    },
  }
}

/** Whether the variables ask for traces. */
export function exportsTraces(environment: NodeJS.ProcessEnv): boolean {
  return isNamed(environment, 'TRACES') && !isNever(environment)
}

/** Whether the variables ask for metrics. */
export function exportsMetrics(environment: NodeJS.ProcessEnv): boolean {
  return isNamed(environment, 'METRICS')
}

/** There is an endpoint, and nothing is switched off. */
function isNamed(environment: NodeJS.ProcessEnv, signal: 'TRACES' | 'METRICS'): boolean {
  const isSet = (name: string): boolean => (environment[name]?.trim() ?? '') !== ''
  if (environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return false
  if (environment[`OTEL_${signal}_EXPORTER`]?.trim() === 'none') return false
  return isSet('OTEL_EXPORTER_OTLP_ENDPOINT') || isSet(`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`)
}

/** `always_off` means slow and failed ones, too. */
function isNever(environment: NodeJS.ProcessEnv): boolean {
  return samplerRatio(environment) === 0 && (environment.OTEL_TRACES_SAMPLER ?? '').includes('always_off')
}
