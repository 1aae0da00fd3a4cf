export { ProcessMetrics, processMetrics } from './process-metrics.ts'
export { PROMETHEUS_CONTENT_TYPE, prometheusText } from './prometheus-text.ts'
export { Rates } from './rates.ts'
export { Windowed } from './windowed.ts'
