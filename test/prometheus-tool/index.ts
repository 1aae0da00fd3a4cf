export { PrometheusToolError } from './errors.ts'
export { type PrometheusPrograms, prometheusPrograms } from './programs.ts'
export {
  type Alert,
  type Prometheus,
  type PrometheusOptions,
  type ScrapeJob,
  type Series,
  startPrometheus,
} from './prometheus.ts'
export { promtool } from './promtool.ts'
