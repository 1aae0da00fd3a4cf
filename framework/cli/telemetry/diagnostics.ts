import { DiagLogLevel, diag } from '@opentelemetry/api'
import type { Logger } from '../../api/index.ts'
import { RateLimit } from '../../flow/index.ts'

/** At the start several settings may be odd; later nothing is to repeat itself. */
const WARNINGS = { burst: 10, perSecond: 1 / 60 }

/** What OpenTelemetry's SDK complains of is a warning of the log; beyond a few it is said at `debug`. */
export function logDiagnostics(logger: Logger): void {
  const limit = new RateLimit(WARNINGS)
  const tell = (...parts: readonly unknown[]): void => {
    const message = `OpenTelemetry: ${parts.map(textOf).join(' ')}`
    if (limit.take()) logger.warn({}, message)
    else logger.debug({}, message)
  }
  const nothing = (): void => undefined
  const sink = { error: tell, warn: tell, info: nothing, debug: nothing, verbose: nothing }
  diag.setLogger(sink, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
}

function textOf(part: unknown): string {
  return part instanceof Error ? part.message : String(part)
}
