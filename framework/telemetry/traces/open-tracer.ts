import { ProxyTracerProvider, type Tracer, trace } from '@opentelemetry/api'

/** The tracer of everything here; undefined where the process has no tracer provider: nothing is to be made then. */
export function openTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider()
  if (provider instanceof ProxyTracerProvider) return provider.getDelegateTracer('isthmus')
  return provider.getTracer('isthmus')
}
