import type { ConnectError, ConnectorReport, ErrorReport, TaskReport } from '../../api/index.ts'
import type { PartitionEntry } from '../partition-entry.ts'
import { LagSum } from '../partition-lag.ts'
import type { ConnectorStatus, Failure, TaskStatus } from '../status.ts'
import { summarizePartitions } from './partitions-report.ts'
import { rankOf, severityOfConnector, severityOfPartition, severityOfTask, worstOf } from './severity.ts'

/** A connector of a worker, with its partitions. */
export function connectorReport(connector: ConnectorStatus): ConnectorReport {
  const { report: partitions } = summarizePartitions(partitionsOf(connector))
  return { ...withoutPartitions(connector), partitions }
}

/** A connector of a flow, which has the partitions. */
export function flowConnectorReport(connector: ConnectorStatus, flow: string): ConnectorReport {
  return { flow, ...withoutPartitions(connector) }
}

/** Those that need attention first. */
export function sortConnectors(connectors: readonly ConnectorReport[]): readonly ConnectorReport[] {
  return [...connectors].sort((a, b) => rankOf(a.severity) - rankOf(b.severity))
}

function errorReport({ code, message }: ConnectError, atMs: number): ErrorReport {
  return { code, message, atMs }
}

function withoutPartitions(connector: ConnectorStatus): ConnectorReport {
  const { name, kind, state, sinceMs, restarts, nextStartMs, totals, error } = connector
  const tasks = connector.tasks.map(taskReport).sort((a, b) => rankOf(a.severity) - rankOf(b.severity))
  const own = severityOfConnector(state, nextStartMs)
  const raised = error !== undefined && own === 'ok' ? 'warning' : own
  const lag = new LagSum()
  for (const entry of partitionsOf(connector)) lag.add(entry)
  const { records: lagRecords } = lag
  return {
    name,
    kind,
    state,
    severity: worstOf([raised, ...tasks.map(({ severity }) => severity)]),
    sinceMs,
    restarts,
    ...(nextStartMs !== undefined && { nextStartMs }),
    records: totals.records,
    bytes: totals.bytes,
    ...(lagRecords !== undefined && { lagRecords }),
    ...(error !== undefined && { error: errorReport(error, sinceMs) }),
    tasks,
  }
}

function taskReport(task: TaskStatus): TaskReport {
  const { taskId: id, state, sinceMs, restarts, lastActivityMs, lastCommitMs, commitFailures, commitFailure } = task
  const { usedBytes, windowBytes, recordErrors, lastFailure, partitions } = task
  const failure = latest(lastFailure, commitFailure)
  return {
    id,
    state,
    severity: worstOf([severityOfTask(state), commitFailure === undefined ? 'ok' : 'warning', worstPartition(partitions)]),
    sinceMs,
    restarts,
    ...(lastActivityMs > 0 && { lastActivityMs }),
    ...(lastCommitMs > 0 && { lastCommitMs }),
    commitFailures,
    windowUsedBytes: usedBytes,
    windowBytes,
    recordErrors: recordErrors.errors,
    recordsSkipped: recordErrors.skipped,
    ...(failure !== undefined && { error: errorReport(failure.error, failure.atMs) }),
  }
}

function latest(a: Failure | undefined, b: Failure | undefined): Failure | undefined {
  return (a?.atMs ?? 0) >= (b?.atMs ?? 0) ? a : b
}

function* partitionsOf({ tasks }: ConnectorStatus): Generator<PartitionEntry> {
  for (const { partitions } of tasks) yield* partitions
}

function worstPartition(partitions: readonly PartitionEntry[]): 'ok' | 'warning' | 'error' {
  let worst: 'ok' | 'warning' = 'ok'
  for (const { state } of partitions) {
    const severity = severityOfPartition(state)
    if (severity === 'error') return severity
    if (severity === 'warning') worst = severity
  }
  return worst
}
