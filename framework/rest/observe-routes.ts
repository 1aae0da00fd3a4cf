import type { Observed } from '../api/index.ts'
import { PROMETHEUS_CONTENT_TYPE, prometheusBytes } from '../telemetry/metrics/index.ts'
import type { Routes } from './http-server.ts'

/** `/metrics` for Prometheus, `/health` for whoever decides about restarting or routing: 503 when DOWN. */
export const observeRoutes = ({ metrics, health }: Pick<Observed, 'metrics' | 'health'>): Routes => ({
  '/metrics': () => ({ contentType: PROMETHEUS_CONTENT_TYPE, body: prometheusBytes(metrics) }),
  '/health': () => {
    const { state, reasons } = health()
    const body = `${JSON.stringify({ status: state, reasons })}\n`
    return { status: state === 'DOWN' ? 503 : 200, contentType: 'application/json; charset=utf-8', body }
  },
})
