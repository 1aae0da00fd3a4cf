import type { Observed } from '../api/index.ts'
import { PROMETHEUS_CONTENT_TYPE, prometheusBytes } from '../telemetry/metrics/index.ts'
import { jsonAnswer, type Route } from './route.ts'

/** `/metrics` for Prometheus, `/health` for whoever decides about restarting or routing: 503 when DOWN. */
export const observeRoutes = ({ metrics, health }: Pick<Observed, 'metrics' | 'health'>): readonly Route[] => [
  {
    method: 'GET',
    path: '/metrics',
    handle: () => ({ contentType: PROMETHEUS_CONTENT_TYPE, body: prometheusBytes(metrics) }),
  },
  {
    method: 'GET',
    path: '/health',
    handle() {
      const { state, reasons } = health()
      return jsonAnswer({ status: state, reasons }, state === 'DOWN' ? 503 : 200)
    },
  },
]
