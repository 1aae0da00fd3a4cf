import type { ConnectError } from '../../api/index.ts'
import type { ConnectorStatus, Failure, TaskStatus, WorkerStatus } from '../status.ts'
import { severityOfConnector, severityOfTask } from './severity.ts'
import type { NewEvent } from './status-events.ts'

interface Seen {
  readonly failedAtMs: number
  readonly commitFailedAtMs: number
  readonly isDown: boolean
}

const UNSEEN: Seen = { failedAtMs: 0, commitFailedAtMs: 0, isDown: false }

/** Turns what changes in a worker's status into events: connectors and tasks that fail, and that run again. */
export class WorkerWatch {
  readonly #told: (event: NewEvent, atMs?: number) => void
  #tasks: ReadonlyMap<string, Seen> = new Map()
  #connectors: ReadonlyMap<string, ConnectError | undefined> = new Map()

  /** @param told of each event */
  constructor(told: (event: NewEvent, atMs?: number) => void) {
    this.#told = told
  }

  /** To be called after each change. */
  look({ connectors }: WorkerStatus): void {
    const tasks = new Map<string, Seen>()
    for (const connector of connectors) {
      this.#lookAtConnector(connector)
      for (const task of connector.tasks) tasks.set(task.taskId, this.#lookAtTask(connector.name, task))
    }
    this.#tasks = tasks
    this.#connectors = new Map(connectors.map(({ name, error }) => [name, error]))
  }

  #lookAtConnector({ name, state, error, nextStartMs }: ConnectorStatus): void {
    const before = this.#connectors.get(name)
    if (error === before) return
    if (error === undefined) {
      if (state === 'RUNNING')
        this.#told({ severity: 'ok', kind: 'connector-running', connector: name, message: `Connector ${name} runs again` })
      return
    }
    const severity = severityOfConnector(state, nextStartMs) === 'error' ? 'error' : 'warning'
    const message = `Connector ${name} ${state === 'FAILED' ? 'has failed' : 'reports an error'}: ${error.message}`
    this.#told({ severity, kind: 'connector-failed', code: error.code, connector: name, message })
  }

  #lookAtTask(connector: string, task: TaskStatus): Seen {
    const { taskId, state, lastFailure, commitFailure } = task
    const before = this.#tasks.get(taskId) ?? UNSEEN
    const seen: Seen = {
      failedAtMs: lastFailure?.atMs ?? 0,
      commitFailedAtMs: commitFailure?.atMs ?? 0,
      isDown: severityOfTask(state) !== 'ok' || (before.isDown && state !== 'RUNNING' && state !== 'PAUSED'),
    }
    if (lastFailure !== undefined && seen.failedAtMs > before.failedAtMs) this.#tellFailure(connector, task, lastFailure)
    if (!seen.isDown && (before.isDown || seen.failedAtMs > before.failedAtMs) && state === 'RUNNING') {
      this.#told({ severity: 'ok', kind: 'task-running', connector, message: `Task ${taskId} runs again` })
    }
    if (commitFailure !== undefined && seen.commitFailedAtMs > before.commitFailedAtMs) {
      const { error, atMs } = commitFailure
      this.#told({ severity: 'warning', kind: 'commit-failed', code: error.code, connector, message: error.message }, atMs)
    }
    if (commitFailure === undefined && before.commitFailedAtMs > 0) {
      this.#told({ severity: 'ok', kind: 'committed', connector, message: `Offsets of task ${taskId} are stored again` })
    }
    return seen
  }

  #tellFailure(connector: string, { taskId, state }: TaskStatus, { error, atMs }: Failure): void {
    const isOver = state === 'FAILED'
    const rest = isOver ? 'and is not started again by itself' : 'and is started again'
    const message = `Task ${taskId} has failed ${rest}: ${error.message}`
    this.#told({ severity: isOver ? 'error' : 'warning', kind: 'task-failed', code: error.code, connector, message }, atMs)
  }
}
