import { ConnectError, type ErrorStage } from '../api/connect-error.ts'
import { errorName, errorReaction } from './protocol/error-codes.ts'

/** A broker answered a request with an error code; `protocolCode` is that code. */
export class BrokerError extends ConnectError {
  readonly protocolCode: number

  constructor(protocolCode: number, what: string, stage: ErrorStage, detail?: string | null) {
    const name = errorName(protocolCode)
    super(name, `${what}: ${name} (${protocolCode})${detail ? `: ${detail}` : ''}`, {
      kind: errorReaction(protocolCode) === 'final' ? 'fatal' : 'retriable',
      stage,
    })
    this.protocolCode = protocolCode
  }
}

/** Why a connection could not be had, or ended under a request. Always retriable. */
export class ConnectionError extends ConnectError {
  constructor(code: 'CONNECT_FAILED' | 'CONNECTION_CLOSED' | 'REQUEST_TIMEOUT', message: string, cause?: unknown) {
    super(code, message, { kind: 'retriable', stage: 'start', cause })
  }
}

/** The broker refused our credentials, or TLS could not be agreed upon: trying again cannot help. */
export class SecurityError extends ConnectError {
  constructor(message: string, cause?: unknown) {
    super('AUTHENTICATION_FAILED', message, { kind: 'fatal', stage: 'start', cause })
  }
}
