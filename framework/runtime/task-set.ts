import type { Subscription } from 'rxjs'
import type { Logger } from '../api/index.ts'
import type { PartitionRegistry } from './partition-registry.ts'
import type { TaskConfig } from './runnable-connector.ts'
import type { RestartSettings } from './settings.ts'
import type { StartupCount } from './startups.ts'
import type { TaskStatus } from './status.ts'
import { isSameConfig } from './task-configs.ts'
import type { HostedTask, TaskHost } from './task-host.ts'
import { TaskSupervisor } from './task-supervisor.ts'

export interface TaskSetOptions {
  /** Of the connector. */
  readonly name: string
  readonly restart: RestartSettings
  readonly partitions: PartitionRegistry
  /** Counts how starts of tasks end. */
  readonly startups: StartupCount
  /** Of the connector whose task it is at the time. */
  readonly createHost: (task: HostedTask) => TaskHost
  readonly loggerOf: (index: number) => Logger
  /** A task entered another state, or there are other tasks. */
  readonly onChange: () => void
  readonly onError: (error: unknown) => void
}

/** The tasks of one connector. Only those whose configuration changed are stopped (with their last commit) and started again. */
export class TaskSet {
  readonly #options: TaskSetOptions
  /** Those that stop, too. */
  readonly #followed = new Map<TaskSupervisor, Subscription>()
  #tasks: readonly TaskSupervisor[] = []
  #isPaused = false
  #isClosed = false
  #changing: Promise<void> = Promise.resolve()

  constructor(options: TaskSetOptions) {
    this.#options = options
  }

  get configs(): readonly TaskConfig[] {
    return this.#tasks.map(task => task.config)
  }

  status(): readonly TaskStatus[] {
    return this.#tasks.map(task => task.status())
  }

  /** Resolves when what goes has stopped and what comes is being started. */
  apply(configs: readonly TaskConfig[]): Promise<void> {
    return this.#change(() => {
      const kept = configs.map((config, i) => (isSameConfig(this.#tasks[i]?.config, config) ? this.#tasks[i] : undefined))
      return this.#replace(kept, configs)
    })
  }

  /** Ends these tasks and starts them again, their automatic restarts not counted any more. Indexes that there are not are passed over. */
  restart(indexes: readonly number[]): Promise<void> {
    return this.#change(() => {
      const kept = this.#tasks.map((task, i) => (indexes.includes(i) ? undefined : task))
      return this.#replace(kept, this.configs)
    })
  }

  pause(): void {
    this.#isPaused = true
    for (const task of this.#tasks) task.pause()
  }

  resume(): void {
    this.#isPaused = false
    for (const task of this.#tasks) task.resume()
  }

  /** For good. Each resolves within the budget. */
  async stop(budgetMs: number): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#followed.keys()].map(task => task.stop(budgetMs)))
    for (const subscription of this.#followed.values()) subscription.unsubscribe()
  }

  stopNow(): void {
    for (const task of this.#followed.keys()) task.stopNow()
  }

  /** One after the other, also where nobody waits for the one before any more. */
  #change(change: () => Promise<void>): Promise<void> {
    this.#changing = this.#changing.then(change, change)
    return this.#changing
  }

  async #replace(kept: readonly (TaskSupervisor | undefined)[], configs: readonly TaskConfig[]): Promise<void> {
    const outgoing = this.#tasks.filter(task => !kept.includes(task))
    await Promise.all(outgoing.map(task => this.#stopTask(task)))
    if (this.#isClosed) return
    this.#tasks = configs.map((config, i) => kept[i] ?? this.#startTask(i, config))
    this.#options.onChange()
  }

  #startTask(index: number, config: TaskConfig): TaskSupervisor {
    const { name, restart, partitions, startups, createHost, loggerOf, onChange, onError } = this.#options
    const taskId = `${name}-${index}`
    const task = new TaskSupervisor({ taskId, config, restart, createHost, partitions, startups, logger: loggerOf(index) })
    this.#followed.set(task, task.change$.subscribe({ next: onChange, error: onError }))
    if (this.#isPaused) task.pause()
    task.start()
    return task
  }

  async #stopTask(task: TaskSupervisor): Promise<void> {
    await task.stop()
    this.#followed.get(task)?.unsubscribe()
    this.#followed.delete(task)
  }
}
