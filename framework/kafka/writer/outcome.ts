import type { ConnectError } from '../../api/index.ts'
import { BrokerError } from '../client-errors.ts'
import { ErrorCode } from '../protocol/error-codes.ts'

/**
 * What to do about a failed batch once nothing of its lane is in flight any more:
 * - `retry`: refresh the leader, wait, send again;
 * - `renew`: the broker does not know our sequences (any more): go on under a new producer id;
 * - `split`: too large for the target, or refused for a record that others come before: send in smaller pieces;
 * - `refuse`: it will never be taken: the partition fails.
 */
export type Remedy = 'retry' | 'renew' | 'split' | 'refuse'

/** What is wrong with a record, not with the partition, the user or the brokers. */
const OF_RECORDS: ReadonlySet<number> = new Set([
  ErrorCode.MESSAGE_TOO_LARGE,
  ErrorCode.RECORD_LIST_TOO_LARGE,
  ErrorCode.INVALID_RECORD,
  ErrorCode.INVALID_TIMESTAMP,
])

const RENEWING: ReadonlySet<number> = new Set([
  ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
  ErrorCode.UNKNOWN_PRODUCER_ID,
  ErrorCode.INVALID_PRODUCER_EPOCH,
  ErrorCode.PRODUCER_FENCED,
])

/** @param firstBad index of the first record the broker found fault with; 0 = the first one, or it did not say */
export const remedyFor = (error: ConnectError, firstBad = 0): Remedy => {
  if (!(error instanceof BrokerError)) return error.retriable ? 'retry' : 'refuse'
  if (RENEWING.has(error.protocolCode)) return 'renew'
  if (error.protocolCode === ErrorCode.MESSAGE_TOO_LARGE || error.protocolCode === ErrorCode.RECORD_LIST_TOO_LARGE) return 'split'
  if (firstBad > 0) return 'split'
  return error.retriable ? 'retry' : 'refuse'
}

/** Whether a batch without the record that the broker found fault with could be taken. */
export const isOfRecord = (error: ConnectError): boolean => error instanceof BrokerError && OF_RECORDS.has(error.protocolCode)
