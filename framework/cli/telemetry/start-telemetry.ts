import type { Logger } from '../../api/index.ts'
import { samplerRatio } from '../../telemetry/index.ts'

export interface TelemetryOptions {
  readonly logger: Logger
  /** `isthmus/0.1.0`. */
  readonly program: string
  readonly environment?: NodeJS.ProcessEnv
}

export interface Telemetry {
  /** Sends what has not left yet, and does not take long over it whatever the collector does. Never rejects. */
  close(): Promise<void>
}

const NONE: Telemetry = { close: async () => undefined }

/**
 * Sends traces to the collector that the standard variables of OpenTelemetry name. Where they name none, or say that there are to be no traces,
 * nothing is loaded.
 */
export async function startTelemetry({ environment = process.env, ...options }: TelemetryOptions): Promise<Telemetry> {
  if (!exportsTraces(environment)) return NONE
  const { startTraces } = await import('./start-traces.ts')
  return startTraces({ environment, ...options })
}

/** Whether the variables ask for traces. */
export function exportsTraces(environment: NodeJS.ProcessEnv): boolean {
  const isSet = (name: string): boolean => (environment[name]?.trim() ?? '') !== ''
  if (environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return false
  if (environment.OTEL_TRACES_EXPORTER?.trim() === 'none') return false
  if (isNever(environment)) return false
  return isSet('OTEL_EXPORTER_OTLP_ENDPOINT') || isSet('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT')
}

/** `always_off` means slow and failed ones, too. */
function isNever(environment: NodeJS.ProcessEnv): boolean {
  return samplerRatio(environment) === 0 && (environment.OTEL_TRACES_SAMPLER ?? '').includes('always_off')
}
