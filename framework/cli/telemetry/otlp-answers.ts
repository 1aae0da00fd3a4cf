import { ProtobufMetricsSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import type { Answer } from './otlp-sender.ts'

/** An answer, and how much of what was sent the collector has rejected although it took the request. */
export type Judged =
  | { readonly isTaken: true; readonly rejected: number; readonly why: string }
  | Extract<Answer, { readonly isTaken: false }>

interface Rejection {
  readonly count?: number | undefined
  readonly message?: string | undefined
}

export function rejectedSpans(answer: Answer): Judged {
  return judge(answer, body => {
    const { partialSuccess } = ProtobufTraceSerializer.deserializeResponse(body)
    return { count: partialSuccess?.rejectedSpans, message: partialSuccess?.errorMessage }
  })
}

export function rejectedPoints(answer: Answer): Judged {
  return judge(answer, body => {
    const { partialSuccess } = ProtobufMetricsSerializer.deserializeResponse(body)
    return { count: partialSuccess?.rejectedDataPoints, message: partialSuccess?.errorMessage }
  })
}

/** What answers 200 with a page for people, say, is no collector. */
function judge(answer: Answer, read: (body: Buffer) => Rejection): Judged {
  if (!answer.isTaken) return answer
  const { body, type } = answer
  if (body.length === 0 || type.startsWith('application/json')) return { isTaken: true, rejected: 0, why: '' }
  try {
    const { count, message } = read(body)
    return {
      isTaken: true,
      rejected: Number(count ?? 0),
      why: `it rejected ${count} of them: ${message || 'it did not say why'}`,
    }
  } catch (error) {
    const why = `what it answered is none of OTLP's (${type || 'of no type'}: ${error instanceof Error ? error.message : error})`
    return { isTaken: false, isRetryable: false, why }
  }
}
