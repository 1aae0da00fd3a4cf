import { ConfigError, type Logger, type Observation, type Observed } from '../api/index.ts'
import { isNone, parseListenAddress } from '../config/listen-address.ts'
import { LISTEN_ADVICE, observeKeys } from '../config/observe-keys.ts'
import type { HttpServer } from '../rest/index.ts'
import type { LogLevels } from '../telemetry/index.ts'
import type { MetricsExport } from './telemetry/start-metrics.ts'

export interface Observing {
  readonly logger: Logger
  readonly exporting: MetricsExport | undefined
  readonly levels: LogLevels
  /** Logs whatever the levels are. */
  readonly announce: (fields: object, message: string) => void
}

/** What a command asks for with `CommandContext.observe`. The server is loaded only where somebody listens. */
export async function observe(observed: Observed, observing: Observing): Promise<Observation> {
  const { exporting } = observing
  const isAsked = !isNone(observed.listen)
  if (!isAsked && exporting === undefined) return { url: undefined, close: async () => undefined }
  const { ProcessMetrics } = await import('../telemetry/metrics/index.ts')
  const ofProcess = new ProcessMetrics()
  const metrics = [...observed.metrics, ofProcess]
  const server = isAsked ? await serve({ ...observed, metrics }, observing) : undefined
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
  const { loggerRoutes, observeRoutes, startHttpServer, statusRoutes } = await import('../rest/index.ts')
  const status = statusRoutes(observed, logger)
  const ofLoggers = loggerRoutes({ levels, announce, warn: (fields, message) => logger.warn(fields, message) })
  const routes = [...observeRoutes(observed), ...status.routes, ...ofLoggers]
  const server = await startHttpServer({ address, key, routes, logger }).catch((error: unknown) => {
    status.close()
    throw error
  })
  const { url } = server
  logger.info({ url }, `Metrics at ${url}/metrics, health at ${url}/health, status at ${url}/status`)
  return {
    url,
    close() {
      status.close()
      return server.close()
    },
  }
}
