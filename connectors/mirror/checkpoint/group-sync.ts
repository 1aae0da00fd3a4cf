import type { Logger } from '../../../framework/api/index.ts'
import { Seldom } from '../../../framework/flow/index.ts'
import { type CommittedOffset, commitGroupOffsets, isGroupActive } from '../../../framework/kafka/admin/group-offsets.ts'
import { GroupOffsetsWatch } from '../../../framework/kafka/admin/group-offsets-watch.ts'
import { isIdle, type ListedGroup, listGroups } from '../../../framework/kafka/admin/groups.ts'
import { type LogOffsets, logOffsets } from '../../../framework/kafka/admin/log-offsets.ts'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import type { TrackedGroup, TrackedPartition } from './tracked-group.ts'

export interface GroupSyncOptions {
  readonly target: Cluster
  readonly sourceAlias: string
  readonly targetAlias: string
  readonly logger: Logger
}

/**
 * Commits translated offsets on the target, for groups that nobody is in there, so that a consumer that moves goes on where it stood.
 * What lies ahead on the target stays, as somebody consumed there; except where the mirror itself put it there, or was about to put it
 * further on when it ended, and the group has been rewound on the source since: the target follows then.
 */
export class GroupSync {
  readonly #options: GroupSyncOptions
  readonly #warnings = new Seldom(10)
  readonly #watch: GroupOffsetsWatch

  constructor(options: GroupSyncOptions) {
    this.#options = options
    this.#watch = new GroupOffsetsWatch(options.target)
  }

  /** Resolves with what was refused. Rejects when the target does not answer; what is left is committed the next time. */
  async run(groups: readonly TrackedGroup[]): Promise<readonly string[]> {
    const refused: string[] = []
    if (groups.length === 0) return refused
    for (const group of groups) {
      group.refusal = ''
      group.ahead = ''
    }
    const idle = await this.#lookAtTarget(groups, refused)
    const due = idle
      .map(group => ({ group, partitions: this.#duePartitions(group) }))
      .filter(({ partitions }) => partitions.length > 0)
    if (due.length === 0) return refused
    const topics = new Set(due.flatMap(({ partitions }) => partitions.map(({ remoteTopic }) => remoteTopic)))
    const { target } = this.#options
    const [starts, ends] = await Promise.all([logOffsets(target, topics, 'start'), logOffsets(target, topics, 'end')])
    for (const { group, partitions } of due) {
      for (const each of partitions) each.logStart = starts.get(each.remoteTopic)?.get(each.partition) ?? 0
      await this.#commit(group, this.#withinLog(group, partitions, ends, refused), refused)
    }
    return refused
  }

  /** Learns what the groups have on the target; resolves with those that are not in use there. */
  async #lookAtTarget(groups: readonly TrackedGroup[], refused: string[]): Promise<readonly TrackedGroup[]> {
    const listed = await listGroups(this.#options.target)
    const isFree = (found: ListedGroup | undefined): boolean => found === undefined || isIdle(found.state)
    const idle = groups.filter(({ name }) => isFree(listed.get(name)))
    const existing = idle.flatMap(({ name }) => {
      const found = listed.get(name)
      return found === undefined ? [] : [[name, found.coordinator] as const]
    })
    const { changed, failed } = await this.#watch.look(new Map(existing))
    for (const group of idle) {
      const offsets = listed.has(group.name) ? changed.get(group.name) : []
      if (offsets !== undefined) takeTargetOffsets(group, offsets)
    }
    for (const group of idle) {
      const error = failed.get(group.name)
      if (error === undefined) continue
      const message = `Group ${group.name} on ${this.#options.targetAlias} is left as it is: ${error.message}`
      this.#options.logger[this.#warnings.level('warn')]({ err: error, group: group.name }, message)
      refuse(group, message, refused)
    }
    return idle.filter(({ name }) => !failed.has(name))
  }

  #duePartitions(group: TrackedGroup): readonly TrackedPartition[] {
    const due: TrackedPartition[] = []
    const ahead: TrackedPartition[] = []
    for (const partition of group.partitions) {
      const { goal, targetOffset, written } = partition
      if (goal < 0) continue
      if (targetOffset <= goal) partition.isRewound = false
      if (targetOffset === goal) partition.written = goal
      else if (targetOffset <= Math.max(goal, written)) due.push(partition)
      else ahead.push(partition)
    }
    this.#sayAhead(group, ahead)
    return due
  }

  /** What is ahead is normal for a group that has moved here; one that was rewound on the source would skip records here. */
  #sayAhead(group: TrackedGroup, ahead: readonly TrackedPartition[]): void {
    const rewound = ahead.filter(({ isRewound }) => isRewound)
    const signature = JSON.stringify([ahead.length > 0, rewound.map(({ remoteTopic, partition }) => [remoteTopic, partition])])
    const isKnown = signature === group.reported
    group.reported = signature
    const first = rewound[0] ?? ahead[0]
    if (first === undefined || (isKnown && rewound.length === 0)) return
    const { sourceAlias, targetAlias, logger } = this.#options
    const count = rewound.length || ahead.length
    const why =
      rewound.length > 0 ? `it was rewound on ${sourceAlias}, and somebody has consumed here` : 'somebody has consumed here'
    const where = `${first.remoteTopic}-${first.partition} at ${first.targetOffset} instead of ${first.goal}`
    const message = `Group ${group.name} is ahead on ${targetAlias} of where it stands on ${sourceAlias}, in ${count} partitions (${where}): ${why}. Nothing is changed; isthmus failover shows it, and sets it with --apply --force`
    if (rewound.length > 0) group.ahead = message
    if (!isKnown) logger[rewound.length > 0 ? 'warn' : 'info']({ group: group.name, partitions: count }, message)
  }

  /** Leaves out what would lie past the end of the log: the target has lost records that the offset counts. */
  #withinLog(
    group: TrackedGroup,
    partitions: readonly TrackedPartition[],
    ends: LogOffsets,
    refused: string[],
  ): readonly TrackedPartition[] {
    return partitions.filter(({ remoteTopic, partition, goal }) => {
      const end = ends.get(remoteTopic)?.get(partition)
      if (end !== undefined && goal <= end) return true
      const why = end === undefined ? 'there is no such partition' : `it ends at ${end}`
      const message = `Group ${group.name} is not set to ${goal} in ${remoteTopic}-${partition} on ${this.#options.targetAlias}: ${why}`
      this.#options.logger.debug({ group: group.name }, message)
      refuse(group, message, refused)
      return false
    })
  }

  async #commit(group: TrackedGroup, partitions: readonly TrackedPartition[], refused: string[]): Promise<void> {
    if (partitions.length === 0) return
    const { target, targetAlias, logger } = this.#options
    try {
      await commitGroupOffsets(target, group.name, partitions.map(committedOffset))
    } catch (error) {
      if (isGroupActive(error)) return
      this.#watch.forget(group.name)
      const message = `Offsets of group ${group.name} could not be set on ${targetAlias}, to be tried again: ${(error as Error).message}`
      logger[this.#warnings.level('warn')]({ err: error, group: group.name }, message)
      refuse(group, message, refused)
      return
    }
    for (const partition of partitions) {
      partition.written = partition.goal
      partition.targetOffset = partition.goal
    }
    logger.debug({ group: group.name, partitions: partitions.length }, `Group ${group.name} was set on ${targetAlias}`)
  }
}

/** Of a group the first reason is kept. */
function refuse(group: TrackedGroup, message: string, refused: string[]): void {
  group.refusal ||= message
  refused.push(message)
}

function committedOffset({ remoteTopic, partition, goal, metadata }: TrackedPartition): CommittedOffset {
  return { topic: remoteTopic, partition, offset: goal, metadata }
}

function takeTargetOffsets(group: TrackedGroup, offsets: readonly CommittedOffset[]): void {
  const found = new Map(offsets.map(({ topic, partition, offset }) => [`${topic}-${partition}`, offset]))
  for (const tracked of group.partitions) tracked.targetOffset = found.get(`${tracked.remoteTopic}-${tracked.partition}`) ?? -1
}
