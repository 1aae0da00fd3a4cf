import { ConnectError } from '../api/index.ts'
import type { ConnectorRunState, TargetState } from './status.ts'

export const connectorTransitions: Readonly<Record<ConnectorRunState, readonly ConnectorRunState[]>> = {
  STARTING: ['RUNNING', 'PAUSED', 'RESTARTING', 'FAILED', 'STOPPED'],
  RUNNING: ['PAUSED', 'RESTARTING', 'FAILED', 'STOPPED'],
  PAUSED: ['STARTING', 'RUNNING', 'RESTARTING', 'FAILED', 'STOPPED'],
  RESTARTING: ['RUNNING', 'PAUSED', 'FAILED', 'STOPPED'],
  FAILED: ['RUNNING', 'PAUSED', 'RESTARTING', 'STOPPED'],
  STOPPED: ['STARTING', 'RUNNING', 'PAUSED', 'RESTARTING', 'FAILED'],
}

/** Of a request to a connector that has FAILED: only a restart or a stop helps it. */
export function cannotTransition(name: string, target: TargetState, cause: ConnectError | undefined): ConnectError {
  const because = cause === undefined ? '' : `: ${cause.message}`
  const message = `Cannot transition connector ${name} to ${target} since it has failed${because}. Its tasks follow; restart it once the cause is mended`
  return new ConnectError('CONNECTOR_FAILED', message, { kind: 'fatal', stage: 'start', cause })
}

export function connectorStopping(name: string): ConnectError {
  return new ConnectError('CONNECTOR_STOPPING', `Connector ${name} is being stopped: nothing else is done with it`, {
    kind: 'fatal',
    stage: 'stop',
  })
}
