import { ConfigError, type Logger, type Observation, type Observed, type StatusReport } from '../api/index.ts'
import { isNone, parseListenAddress } from '../config/listen-address.ts'
import { LISTEN_ADVICE, observeKeys } from '../config/observe-keys.ts'
import type { HttpServer } from '../rest/index.ts'
import type { LogLevels } from '../telemetry/index.ts'
import type { Telemetry } from './telemetry/start-telemetry.ts'
import { withExports } from './telemetry/status-with-exports.ts'

export interface Observing {
  readonly logger: Logger
  readonly telemetry: Pick<Telemetry, 'metrics' | 'exports'>
  readonly levels: LogLevels
  /** Logs whatever the levels are. */
  readonly announce: (fields: object, message: string) => void
}

/** What a command asks for with `CommandContext.observe`. The server is loaded only where somebody listens. */
export async function observe(observed: Observed, observing: Observing): Promise<Observation> {
  const { metrics: exporting, exports } = observing.telemetry
  const isAsked = !isNone(observed.listen)
  if (!isAsked && exporting === undefined) return { url: undefined, close: async () => undefined }
  const { ExportMetrics, ProcessMetrics } = await import('../telemetry/metrics/index.ts')
  const ofProcess = new ProcessMetrics()
  const metrics = [...observed.metrics, ofProcess, ...(exports.length > 0 ? [new ExportMetrics(exports)] : [])]
  const status = (): StatusReport => withExports(observed.status(), exports)
  const server = isAsked ? await serve({ ...observed, metrics, status }, observing) : undefined
  exporting?.show(metrics)
  return {
    url: server?.url,
    async close() {
      await exporting?.flush()
      await server?.close()
      ofProcess.close()
    },
  }
}

async function serve(observed: Observed, { logger, levels, announce }: Observing): Promise<HttpServer> {
  const { listen = '' } = observed
  const key = observeKeys.listen.kafka
  const address = parseListenAddress(listen)
  if (address === undefined) throw new ConfigError([{ key, value: listen, message: LISTEN_ADVICE }])
  const { loggerRoutes, observeRoutes, pageRoutes, startHttpServer, statusRoutes } = await import('../rest/index.ts')
  const ofLoggers = loggerRoutes({ levels, announce, warn: (fields, message) => logger.warn(fields, message) })
  const status = statusRoutes(observed, logger)
  const routes = [...pageRoutes, ...observeRoutes(observed), ...status.routes, ...ofLoggers]
  const server = await startHttpServer({ address, key, routes, logger }).catch((error: unknown) => {
    status.close()
    throw error
  })
  const { url } = server
  logger.info({ url }, `The status page is at ${url}/, metrics at ${url}/metrics, health at ${url}/health`)
  return {
    url,
    close() {
      status.close()
      return server.close()
    },
  }
}
