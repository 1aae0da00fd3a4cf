import type { ConnectError, RecordHeader, SinkRecord } from '../api/index.ts'
import { messageOf } from './errors.ts'
import { connectStage } from './record-error-stage.ts'

const PREFIX = '__connect.errors.'

/**
 * Kafka Connect's ten headers of a dead letter, in its order. Classes are named as they are here. The exception is what the converter, the
 * transform or the task threw; the stack trace is that of the whole error, causes included.
 * @param taskId `connector-0`
 */
export const contextHeaders = (taskId: string, record: SinkRecord, error: ConnectError): readonly RecordHeader[] => {
  const dash = taskId.lastIndexOf('-')
  const thrown = error.cause ?? error
  const texts: readonly (readonly [string, string | null])[] = [
    ['topic', record.topic],
    ['partition', String(record.partition)],
    ['offset', String(record.offset)],
    ['connector.name', taskId.slice(0, dash)],
    ['task.id', taskId.slice(dash + 1)],
    ['stage', connectStage(error.stage)],
    ['class.name', error.className ?? 'null'],
    ['exception.class.name', thrown instanceof Error ? thrown.constructor.name : typeof thrown],
    ['exception.message', messageOf(thrown) || null],
    ['exception.stacktrace', traceOf(error)],
  ]
  return texts.map(([name, text]) => ({ key: `${PREFIX}${name}`, value: text === null ? null : Buffer.from(text, 'utf8') }))
}

/** As Java writes it: each cause after the error it caused. */
const traceOf = (error: Error): string => {
  const traces: string[] = []
  const seen = new Set<unknown>()
  for (
    let cause: unknown = error;
    cause !== undefined && !seen.has(cause);
    cause = cause instanceof Error ? cause.cause : undefined
  ) {
    seen.add(cause)
    traces.push(cause instanceof Error ? (cause.stack ?? String(cause)) : String(cause))
  }
  return traces.join('\nCaused by: ')
}
