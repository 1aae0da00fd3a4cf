import { ConnectError } from '../../api/connect-error.ts'

/** The error for bytes that are not what their format promises: it stops the partition they came from. */
export function corrupt(what: string, cause?: unknown): ConnectError {
  return new ConnectError(
    'BATCH_CORRUPT',
    `Corrupt record batch: ${what}. Check the source log with kafka-dump-log.sh; if the broker reads it well, report this as a bug.`,
    { kind: 'partition', stage: 'decode', cause },
  )
}
