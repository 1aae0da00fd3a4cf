import { ConfigError, type Logger, type MetricSource, type Observation, type Observed } from '../api/index.ts'
import { isNone, parseListenAddress } from '../config/listen-address.ts'
import { LISTEN_ADVICE, observeKeys } from '../config/observe-keys.ts'
import type { HttpServer } from '../rest/index.ts'
import type { MetricsExport } from './telemetry/start-metrics.ts'

/** What a command asks for with `CommandContext.observe`. The server is loaded only where somebody listens. */
export async function observe(observed: Observed, logger: Logger, exporting: MetricsExport | undefined): Promise<Observation> {
  const isAsked = !isNone(observed.listen)
  if (!isAsked && exporting === undefined) return { url: undefined, close: async () => undefined }
  const { ProcessMetrics } = await import('../telemetry/metrics/index.ts')
  const ofProcess = new ProcessMetrics()
  const metrics = [...observed.metrics, ofProcess]
  const server = isAsked ? await serve({ ...observed, metrics }, logger) : undefined
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

async function serve(observed: Observed & { readonly metrics: readonly MetricSource[] }, logger: Logger): Promise<HttpServer> {
  const { listen = '' } = observed
  const key = observeKeys.listen.kafka
  const address = parseListenAddress(listen)
  if (address === undefined) throw new ConfigError([{ key, value: listen, message: LISTEN_ADVICE }])
  const { observeRoutes, startHttpServer, statusRoutes } = await import('../rest/index.ts')
  const status = statusRoutes(observed, logger)
  const server = await startHttpServer({ address, key, routes: [...observeRoutes(observed), ...status.routes], logger }).catch(
    (error: unknown) => {
      status.close()
      throw error
    },
  )
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
