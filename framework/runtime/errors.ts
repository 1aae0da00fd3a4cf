import { ConnectError, type ErrorStage } from '../api/index.ts'

/** A connector's code did what the contract forbids. */
export function contractBroken(taskId: string, what: string, cause?: unknown): ConnectError {
  const because = cause === undefined ? '' : `: ${messageOf(cause)}`
  const message = `Task ${taskId} ${what}${because}. This is a bug in the connector; report it to its author`
  return new ConnectError('CONTRACT_BROKEN', message, { kind: 'fatal', stage: 'poll', cause })
}

/** The error itself where it is a `ConnectError`, else a fatal one that says where it came from. */
export function toConnectError(error: unknown, code: string, stage: ErrorStage, where: string): ConnectError {
  if (error instanceof ConnectError) return error
  return new ConnectError(code, `${where} failed (${stage}): ${messageOf(error)}`, { kind: 'fatal', stage, cause: error })
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
