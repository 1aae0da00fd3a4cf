import { ConnectError, type Logger } from '../../../framework/api/index.ts'
import { sleep } from '../../../framework/flow/index.ts'
import {
  type CommittedOffset,
  commitGroupOffsets,
  fetchGroupOffsets,
  isGroupActive,
} from '../../../framework/kafka/admin/group-offsets.ts'
import { isIdle, listGroups } from '../../../framework/kafka/admin/groups.ts'
import { describeBlocking } from '../../../framework/kafka/group-member/blocking.ts'
import { moveError } from './asked-move.ts'
import type { ClusterSide } from './cluster-side.ts'
import type { CheckedOptions } from './options.ts'
import type { Placement } from './placement.ts'
import { findPositions, type MovedPosition, type Positions } from './positions.ts'
import { positionsText } from './status.ts'

const LOOK_MS = 500
const READ_TIMEOUT_MS = 30_000

export interface MoverOptions extends Pick<CheckedOptions, 'group' | 'pairs' | 'policyFrom' | 'moveTimeoutMs'> {
  readonly logger: Logger
}

/** Sets the offsets of a group that nobody consumes with on the cluster that it moves to. */
export class Mover {
  readonly #options: MoverOptions

  constructor(options: MoverOptions) {
    this.#options = options
  }

  /**
   * Whatever the group has on the target from an earlier stay is overwritten. Where the cluster it comes from lives, waits a while for the
   * mirror to bring exact positions. Rejects, retriably, when somebody is in the group on the target: then nothing was changed.
   * @param consumed where members say that they stood on the cluster it comes from
   */
  async move(
    next: Placement,
    from: ClusterSide,
    to: ClusterSide,
    consumed: ReadonlyMap<string, number>,
    signal: AbortSignal,
  ): Promise<readonly MovedPosition[]> {
    const { group, logger, moveTimeoutMs } = this.#options
    const deadline = performance.now() + moveTimeoutMs
    await this.#untilEmpty(from, deadline, signal)
    const { positions, isCovered } = await this.#untilCovered(from, to, consumed, deadline, signal)
    await this.#set(to, next, positions)
    const text = `Group ${group} goes on on ${to.alias} (move ${next.epoch} from ${from.alias}, ${next.cause}): ${positionsText(positions)}`
    if (isCovered) logger.info({ group, epoch: next.epoch }, text)
    else
      logger.warn(
        { group, epoch: next.epoch, positions: positions.filter(isUnsure) },
        `${text}; where low or kept, records may come again`,
      )
    return positions
  }

  /**
   * Resolves when nobody is in the group on the cluster that it is to move to. Members that were there when it was lost count until their
   * sessions end. Rejects with GROUP_IN_USE, and who it is, when that takes longer than `moveTimeoutMs`.
   */
  async untilFree(to: ClusterSide, signal: AbortSignal): Promise<void> {
    const { group, moveTimeoutMs } = this.#options
    for (const deadline = performance.now() + moveTimeoutMs; !signal.aborted; await sleep(LOOK_MS, signal)) {
      const connection = await to.cluster.coordinatorConnection(group)
      const members = await describeBlocking(connection, group)
      if (members === null || members.length === 0) return
      if (performance.now() < deadline) continue
      const names = members.map(({ clientId, host }) => `client ${clientId} at ${host}`).join(', ')
      throw moveError('GROUP_IN_USE', `${names} is in group ${group} on ${to.alias}, so its offsets cannot be set there: stop it`)
    }
  }

  /** Whether the mirror keeps up: it soon has exact positions for all that is committed by now. Rejects when that cannot be told. */
  async isCaughtUp(from: ClusterSide, to: ClusterSide, patienceMs: number, signal: AbortSignal): Promise<boolean> {
    const committed = await fetchGroupOffsets(from.cluster, this.#options.group)
    for (const deadline = performance.now() + patienceMs; ; await sleep(LOOK_MS, signal)) {
      if ((await this.#find(from, to, new Map(), committed)).isCovered) return true
      if (performance.now() > deadline || signal.aborted) return false
    }
  }

  /** A member that cannot reach the target may still consume: the others wait for it to learn that the group moves. */
  async #untilEmpty(from: ClusterSide, deadline: number, signal: AbortSignal): Promise<void> {
    const { group, logger } = this.#options
    while (!signal.aborted && !from.watch.isGone) {
      try {
        const state = (await listGroups(from.cluster)).get(group)?.state
        if (state === undefined || isIdle(state)) return
        if (performance.now() > deadline) {
          logger.warn(
            { group },
            `Members of group ${group} are still on ${from.alias}: what they consume from now on comes again`,
          )
          return
        }
      } catch (error) {
        if (!(error instanceof ConnectError)) throw error
        logger.debug({ err: error, group }, `Whether group ${group} is empty on ${from.alias} is looked at again`)
      }
      await sleep(LOOK_MS, signal)
    }
  }

  async #untilCovered(
    from: ClusterSide,
    to: ClusterSide,
    consumed: ReadonlyMap<string, number>,
    deadline: number,
    signal: AbortSignal,
  ): Promise<Positions> {
    for (;;) {
      const isGone = from.watch.isGone
      const found = await this.#find(from, to, consumed).catch((error: unknown) => {
        if (isGone || performance.now() > deadline || signal.aborted) throw error
        return null
      })
      if (found !== null && (found.isCovered || isGone || performance.now() > deadline || signal.aborted)) return found
      await sleep(LOOK_MS, signal)
    }
  }

  #find(
    from: ClusterSide,
    to: ClusterSide,
    consumed: ReadonlyMap<string, number>,
    committed?: readonly CommittedOffset[],
  ): Promise<Positions> {
    const { group, pairs, policyFrom } = this.#options
    return findPositions({
      group,
      pairs,
      policy: policyFrom(from.alias),
      from: { alias: from.alias, cluster: from.watch.isGone ? null : from.cluster },
      to,
      consumed,
      timeoutMs: READ_TIMEOUT_MS,
      ...(committed === undefined ? {} : { committed }),
    })
  }

  async #set(to: ClusterSide, { epoch, from }: Placement, positions: readonly MovedPosition[]): Promise<void> {
    const { group } = this.#options
    const offsets = positions
      .filter(({ exactness }) => exactness !== 'kept')
      .map(({ topic, partition, offset, exactness, upstreamOffset }) => ({
        topic,
        partition,
        offset,
        metadata: `isthmus-failover: move ${epoch} from ${from} at ${upstreamOffset}, ${exactness}`,
      }))
    try {
      if (offsets.length > 0) await commitGroupOffsets(to.cluster, group, offsets)
    } catch (cause) {
      if (!isGroupActive(cause)) throw cause
      const message = `somebody is in group ${group} on ${to.alias} already, so its offsets cannot be set there: stop that consumer`
      throw new ConnectError('GROUP_IN_USE', message, { kind: 'retriable', stage: 'offset-commit', cause })
    }
  }
}

const isUnsure = ({ exactness }: MovedPosition): boolean => exactness === 'low' || exactness === 'kept'
