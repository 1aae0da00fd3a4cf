import type { ConnectorStatus, PartitionEntry, TaskStatus } from '../../../framework/runtime/index.ts'

/**
 * The partitions that a flow copies. While tasks come and go, those that no task has yet are still among them: what they have waiting goes on
 * waiting, for a moment where partitions are dealt out anew, for long where the target is away.
 */
export class CopiedEntries {
  #last: readonly PartitionEntry[] = []

  /** @param connector undefined = nothing runs at present */
  of(connector: ConnectorStatus | undefined): readonly PartitionEntry[] {
    const owned = connector?.tasks.flatMap(task => task.partitions) ?? []
    if (connector !== undefined && isSettled(connector)) this.#last = owned
    else if (owned.length > 0) this.#last = [...new Set([...this.#last, ...owned])]
    return this.#last
  }

  /** Others copy them, or nobody will. */
  forget(): void {
    this.#last = []
  }
}

/** Each task has claimed its partitions. */
function isSettled({ state, tasks }: ConnectorStatus): boolean {
  return tasks.length === 0 ? state === 'RUNNING' : tasks.every(hasClaimed)
}

function hasClaimed({ state, partitions }: TaskStatus): boolean {
  return partitions.length > 0 && (state === 'RUNNING' || state === 'PAUSED' || state === 'RESTARTING' || state === 'FAILED')
}

/** Whether a partition has a task that runs. */
export function readBy(connector: ConnectorStatus | undefined): (entry: PartitionEntry) => boolean {
  const running = connector?.tasks.filter(({ state }) => state === 'RUNNING') ?? []
  const tasks = new Set<string | undefined>(running.map(({ taskId }) => taskId))
  return ({ owner }) => tasks.has(owner)
}
