/** Loopback ports of one Jaeger. */
export interface JaegerPorts {
  /** OTLP over HTTP. */
  readonly otlp: number
  /** The page and the query API. */
  readonly query: number
  /** Query API over gRPC, which Jaeger always opens. */
  readonly queryGrpc: number
}

const MAX_TRACES = 100_000

/** Jaeger's configuration for one process that keeps its traces in memory. Its format: Jaeger 2, an OpenTelemetry Collector's. */
export function jaegerConfiguration({ otlp, query, queryGrpc }: JaegerPorts): string {
  return JSON.stringify({
    service: {
      extensions: ['jaeger_storage', 'jaeger_query'],
      pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
      telemetry: { metrics: { level: 'none' }, logs: { level: 'info' } },
    },
    extensions: {
      jaeger_storage: { backends: { memory: { memory: { max_traces: MAX_TRACES } } } },
      jaeger_query: {
        storage: { traces: 'memory' },
        http: { endpoint: `127.0.0.1:${query}` },
        grpc: { endpoint: `127.0.0.1:${queryGrpc}` },
      },
    },
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${otlp}` } } } },
    exporters: { jaeger_storage_exporter: { trace_storage: 'memory' } },
  })
}
