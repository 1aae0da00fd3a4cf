import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { planCheckpoints } from '../../../../../connectors/mirror/checkpoint/checkpoint-planner.ts'
import { SettledMarks } from '../../../../../connectors/mirror/checkpoint/settled-marks.ts'
import { TrackedGroup } from '../../../../../connectors/mirror/checkpoint/tracked-group.ts'
import { PartitionRuns } from '../../../../../connectors/mirror/offset-map/partition-runs.ts'
import { OffsetSyncTable } from '../../../../../connectors/mirror/offset-syncs/offset-sync-table.ts'
import { FlowTranslation } from '../../../../../connectors/mirror/translation/flow-translation.ts'
import { DefaultReplicationPolicy } from '../../../../../policies/index.ts'

/** A topic `t` whose first 470 records were copied by a mirror that was then killed; the next one copied from 340 on. */
class Recopied {
  readonly runs = new PartitionRuns()
  readonly syncs = new OffsetSyncTable('syncs', false)
  readonly #groups = new Map<string, TrackedGroup>()
  readonly #marks = new SettledMarks()
  readonly #translation = new FlowTranslation({
    sourceAlias: 'A',
    targetAlias: 'B',
    policy: new DefaultReplicationPolicy(),
    there: () => ({ map: { runsOf: topic => (topic === 't' ? this.runs : null) }, syncs: { table: this.syncs } }),
    back: () => ({ map: null, syncs: null }),
  })

  constructor() {
    this.runs.begin(0)
    this.runs.append(0, 470, 0)
    this.syncs.readToEnd()
    this.sync(1, 0, 0)
    this.sync(1, 469, 469)
  }

  sync(session: number, upstreamOffset: number, downstreamOffset: number): void {
    this.syncs.add({ topic: 't', partition: 0, upstreamOffset, downstreamOffset, session })
  }

  /** Where a round of checkpoints, all of which are written, takes groups that have committed this. */
  round(committed: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> {
    for (const [name, offset] of Object.entries(committed)) {
      const options = { acceptsTopic: () => true, remoteName: (topic: string) => `A.${topic}`, checkpointOf: () => null }
      const group = this.#groups.get(name) ?? new TrackedGroup(name, options)
      this.#groups.set(name, group)
      group.committed([{ topic: 't', partition: 0, offset, metadata: '' }])
    }
    const planned = planCheckpoints(this.#groups.values(), this.#translation, this.#marks)
    for (const partition of planned) {
      partition.checkpoint = partition.pending
      partition.pending = null
    }
    return Object.fromEntries(planned.map(({ group, checkpoint }) => [group.name, checkpoint!.downstreamOffset]))
  }
}

describe('groups that stand where records were copied again', () => {
  test('follow once the map has the later copies, also when another group was translated by a newer offset sync meanwhile', () => {
    const recopied = new Recopied()
    assert.deepEqual(recopied.round({ early: 468 }), { early: 468 })
    recopied.sync(2, 479, 609)
    recopied.sync(2, 520, 650)
    assert.deepEqual(recopied.round({ late: 500 }), { late: 630 })
    recopied.runs.begin(340)
    recopied.runs.append(340, 181, 470)
    assert.deepEqual(recopied.round(), { early: 598 })
    assert.deepEqual(recopied.round(), {})
  })

  test('follow also where they were translated by offset syncs that were ahead of the map', () => {
    const recopied = new Recopied()
    recopied.sync(1, 535, 535)
    assert.deepEqual(recopied.round({ early: 530 }), { early: 530 })
    recopied.sync(2, 549, 615)
    recopied.sync(2, 590, 656)
    assert.deepEqual(recopied.round({ late: 570 }), { late: 636 })
    recopied.runs.begin(470)
    recopied.runs.append(470, 121, 536)
    assert.deepEqual(recopied.round(), { early: 596 })
    assert.deepEqual(recopied.round(), {})
  })

  test('are not looked at again for what is copied behind them', () => {
    const recopied = new Recopied()
    recopied.round({ early: 468 })
    recopied.runs.append(470, 30, 470)
    recopied.runs.cover(510)
    assert.deepEqual(recopied.round(), {})
    recopied.runs.append(510, 10, 500)
    assert.deepEqual(recopied.round({ late: 515 }), { late: 505 })
  })
})
