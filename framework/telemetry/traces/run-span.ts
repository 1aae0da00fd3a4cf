import { type Attributes, ROOT_CONTEXT, type Span } from '@opentelemetry/api'
import { recordError } from './batch-span.ts'
import { openTracer } from './open-tracer.ts'

/** Runs a job within a span of its own, where traces are made. @param job may add attributes to the span, where there is one */
export async function inSpan<T>(name: string, attributes: Attributes, job: (span?: Span) => Promise<T>): Promise<T> {
  const span = openTracer()?.startSpan(name, { attributes, root: true }, ROOT_CONTEXT)
  if (span === undefined) return job()
  try {
    return await job(span)
  } catch (error) {
    recordError(span, error instanceof Error ? error : new Error(String(error)))
    throw error
  } finally {
    span.end()
  }
}
