import type { ConnectError, Logger } from '../api/index.ts'
import type { RecordErrorLogging } from './record-error-config.ts'
import { connectStage } from './record-error-stage.ts'
import type { RecordErrorCounts } from './record-errors.ts'

/** Where a record stands; key and value are not looked at. */
export interface RecordPlace {
  readonly topic: string
  readonly partition?: number | null
  readonly offset?: number
  readonly timestamp: number
}

export interface RecordErrorLogOptions {
  readonly taskId: string
  /** Whose record it is: read from Kafka, or from the source. */
  readonly kind: 'sink' | 'source'
  readonly logging: RecordErrorLogging
  readonly counts: RecordErrorCounts
  readonly logger: Logger
}

/** Logs a record that is given up in the words of Kafka Connect, which log searches know. Does nothing where nothing is to be logged. */
export const recordErrorLog = ({ taskId, kind, logging, counts, logger }: RecordErrorLogOptions) => {
  if (logging === 'nothing') return () => undefined
  const whose = kind === 'sink' ? 'where consumed record is ' : 'where source record is '
  return (record: RecordPlace, error: ConnectError): void => {
    const place = logging === 'place' ? `, ${whose}${placeText(record)}` : ''
    const executing = `Executing stage '${connectStage(error.stage)}' with class '${error.className ?? 'null'}'`
    logger.error({ error, code: error.code }, `Error encountered in task ${taskId}. ${executing}${place}.`)
    counts.logged++
  }
}

const placeText = ({ topic, partition, offset, timestamp }: RecordPlace): string => {
  const known: readonly (readonly [string, string | number | null | undefined])[] = [
    ['topic', `'${topic}'`],
    ['partition', partition],
    ['offset', offset],
    ['timestamp', timestamp < 0 ? null : timestamp],
  ]
  return `{${known.flatMap(([name, value]) => (value == null ? [] : [`${name}=${value}`])).join(', ')}}`
}
