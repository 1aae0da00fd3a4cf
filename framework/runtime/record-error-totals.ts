import { RecordErrorCounts } from './record-errors.ts'

/** Both together. */
export function addedCounts(a: RecordErrorCounts, b: RecordErrorCounts): RecordErrorCounts {
  const sum = new RecordErrorCounts()
  sum.failures = a.failures + b.failures
  sum.errors = a.errors + b.errors
  sum.skipped = a.skipped + b.skipped
  sum.retries = a.retries + b.retries
  sum.logged = a.logged + b.logged
  sum.deadLetters = a.deadLetters + b.deadLetters
  sum.deadLetterFailures = a.deadLetterFailures + b.deadLetterFailures
  sum.lastErrorMs = Math.max(a.lastErrorMs, b.lastErrorMs)
  return sum
}
