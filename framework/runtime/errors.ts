import { ConnectError, type ErrorStage } from '../api/index.ts'

/** A task did what the contract forbids. */
export function contractBroken(taskId: string, what: string, cause?: unknown): ConnectError {
  return broken(`Task ${taskId}`, what, 'poll', cause)
}

/** A connector did, outside its tasks. */
export function connectorContractBroken(name: string, what: string, cause?: unknown): ConnectError {
  return broken(`Connector ${name}`, what, 'start', cause)
}

/** The error itself where it is a `ConnectError`, else a fatal one that says where it came from. */
export function toConnectError(error: unknown, code: string, stage: ErrorStage, where: string): ConnectError {
  if (error instanceof ConnectError) return error
  return new ConnectError(code, `${where} failed (${stage}): ${messageOf(error)}`, { kind: 'fatal', stage, cause: error })
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function broken(who: string, what: string, stage: ErrorStage, cause: unknown): ConnectError {
  const because = cause === undefined ? '' : `: ${messageOf(cause)}`
  const message = `${who} ${what}${because}. This is a bug in the connector; report it to its author`
  return new ConnectError('CONTRACT_BROKEN', message, { kind: 'fatal', stage, cause })
}
