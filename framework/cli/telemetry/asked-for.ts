type Environment = Readonly<Record<string, string | undefined>>

/** Whether OpenTelemetry's standard variables ask for metrics to be sent by OTLP: an endpoint is set, and nothing is switched off. */
export function exportsMetrics(env: Environment): boolean {
  const isOff = env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true' || env.OTEL_METRICS_EXPORTER?.trim() === 'none'
  return !isOff && [env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT, env.OTEL_EXPORTER_OTLP_ENDPOINT].some(url => url?.trim())
}
