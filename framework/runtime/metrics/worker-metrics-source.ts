import type { MetricLabels, MetricSink, MetricSource } from '../../api/index.ts'
import { Rates } from '../../telemetry/metrics/index.ts'
import type { CommitTotals } from '../commit-totals.ts'
import { healthOf } from '../health.ts'
import { LagSum } from '../partition-lag.ts'
import type { ConnectorStatus, TaskRunState, WorkerStatus } from '../status.ts'
import type { TaskTotals } from '../task-totals.ts'
import { collectPartition } from './collect-partitions.ts'
import { collectTask, type TaskRates } from './collect-task.ts'
import { collectRebalances, collectStartups } from './collect-worker.ts'
import { connectMetrics } from './connect-metrics.ts'
import { LabelSets } from './label-sets.ts'
import type { ObservedWorker, ShownPartition } from './observed-worker.ts'
import { defaultPartitionChoice, type PartitionChoice, shownPartitions } from './partition-choice.ts'
import { workerMetrics } from './worker-metrics.ts'

const HEALTH = { UP: 2, DEGRADED: 1, DOWN: 0 } as const

const TASKS_BY_STATE: readonly (readonly [keyof typeof connectMetrics, readonly TaskRunState[]])[] = [
  ['runningTasks', ['RUNNING', 'DRAINING']],
  ['pausedTasks', ['PAUSED']],
  ['failedTasks', ['FAILED']],
  ['unassignedTasks', ['STARTING']],
  ['destroyedTasks', ['STOPPED']],
  ['restartingTasks', ['RESTARTING']],
]

/** The metrics of a worker: Kafka Connect's, and those it lacks. What it has is read when somebody collects. */
export class WorkerMetricsSource implements MetricSource {
  readonly metrics = [...Object.values(connectMetrics), ...Object.values(workerMetrics)]
  readonly #worker: ObservedWorker
  readonly #choice: PartitionChoice
  readonly #labels: LabelSets
  readonly #rates: TaskRates = {
    read: new Rates<TaskTotals>(),
    written: new Rates<TaskTotals>(),
    commits: new Rates<CommitTotals>(),
  }

  constructor(worker: ObservedWorker, choice: PartitionChoice = defaultPartitionChoice) {
    this.#worker = worker
    this.#choice = choice
    this.#labels = new LabelSets(worker.flow)
  }

  collect(to: MetricSink): void {
    const status = this.#worker.status()
    const { worker } = this.#labels
    to.add(connectMetrics.connectorCount, worker, status.connectors.length)
    const tasks = status.connectors.reduce((sum, connector) => sum + connector.tasks.length, 0)
    to.add(connectMetrics.taskCount, worker, tasks)
    to.add(connectMetrics.assignedConnectors, worker, status.connectors.length)
    to.add(connectMetrics.assignedTasks, worker, tasks)
    if (status.startups !== undefined) collectStartups(to, status.startups, worker)
    if (this.#worker.rebalances !== undefined) collectRebalances(to, this.#worker.rebalances, worker)
    to.add(workerMetrics.health, worker, HEALTH[this.#worker.health?.() ?? healthOf(status).state])
    for (const connector of status.connectors) this.#collectConnector(to, connector)
    const all = this.#worker.partitions?.() ?? partitionsOf(status)
    const shown = shownPartitions(all, this.#choice)
    to.add(workerMetrics.partitionsOmitted, worker, all.length - shown.length)
    const nowMs = Date.now()
    for (const partition of shown) collectPartition(to, partition, this.#labels, nowMs)
  }

  #collectConnector(to: MetricSink, connector: ConnectorStatus): void {
    const { name, state, kind, tasks, className = name } = connector
    const labels = this.#labels.of(name)
    to.add(connectMetrics.totalTasks, labels, tasks.length)
    for (const [metric, states] of TASKS_BY_STATE) {
      to.add(connectMetrics[metric], labels, tasks.filter(task => states.includes(task.state)).length)
    }
    to.add(connectMetrics.connectorStatus, this.#labels.of(name, { status: state.toLowerCase() }), 1)
    to.add(connectMetrics.connectorType, this.#labels.of(name, { connector_type: kind }), 1)
    to.add(connectMetrics.connectorClass, this.#labels.of(name, { connector_class: className }), 1)
    to.add(connectMetrics.connectorVersion, this.#labels.of(name, { connector_version: 'unknown' }), 1)
    to.add(workerMetrics.connectorRestarts, labels, connector.restarts)
    for (const { side, code: cause, count } of connector.retries) {
      to.add(workerMetrics.retries, this.#labels.of(name, { side, cause }), count)
    }
    this.#collectSums(to, connector, labels)
    for (const task of tasks) collectTask(to, { connector: name, kind, task }, this.#labels, this.#rates)
  }

  #collectSums(to: MetricSink, { name, tasks, totals }: ConnectorStatus, labels: MetricLabels): void {
    const byState = new Map<string, number>()
    const lag = new LagSum()
    let lost = 0
    for (const { partitions } of tasks) {
      for (const entry of partitions) {
        byState.set(entry.state, (byState.get(entry.state) ?? 0) + 1)
        lag.add(entry)
        lost += entry.gapRecords
      }
    }
    for (const [state, count] of byState) to.add(workerMetrics.partitionsByState, this.#labels.of(name, { state }), count)
    if (lag.records !== undefined) to.add(workerMetrics.lag, labels, lag.records)
    to.add(workerMetrics.lost, labels, lost)
    to.add(workerMetrics.lostInAll, labels, totals.lostRecords)
  }
}

function partitionsOf({ connectors }: WorkerStatus): readonly ShownPartition[] {
  return connectors.flatMap(({ name: connector, tasks }) =>
    tasks.flatMap(({ partitions }) => partitions.map(entry => ({ connector, entry }))),
  )
}
