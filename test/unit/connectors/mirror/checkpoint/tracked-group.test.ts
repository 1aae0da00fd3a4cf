import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { planCheckpoints } from '../../../../../connectors/mirror/checkpoint/checkpoint-planner.ts'
import { nextCheckpoint } from '../../../../../connectors/mirror/checkpoint/next-checkpoint.ts'
import { SettledMarks } from '../../../../../connectors/mirror/checkpoint/settled-marks.ts'
import { type Emitted, TrackedGroup } from '../../../../../connectors/mirror/checkpoint/tracked-group.ts'
import type { Translation } from '../../../../../connectors/mirror/offset-map/offset-map.ts'
import type { FlowTranslation } from '../../../../../connectors/mirror/translation/flow-translation.ts'

const exact = (offset: number): Translation => ({ offset, exactness: 'exact' })
const low = (offset: number): Translation => ({ offset, exactness: 'low' })

describe('the next checkpoint', () => {
  const previous: Emitted = { upstreamOffset: 100, downstreamOffset: 50 }
  const next = (upstream: number, translation: Translation) =>
    nextCheckpoint(previous, upstream, translation)?.downstreamOffset ?? null

  test('is the first one, whatever it is', () => assert.equal(nextCheckpoint(null, 3, low(0))?.downstreamOffset, 0))
  test('goes on with the group', () => assert.equal(next(101, low(51)), 51))
  test('is none where nothing has changed on the target', () => assert.equal(next(101, exact(50)), null))
  test('is none where the translation is only lower for the moment', () => assert.equal(next(101, low(40)), null))
  test('goes back with a group that was rewound', () => assert.equal(next(99, low(40)), 40))
  test('goes back where the target has lost records', () => assert.equal(next(101, exact(40)), 40))
})

describe('a group', () => {
  const translating = (translate: (topic: string, partition: number, offset: number) => Translation | null): FlowTranslation =>
    ({
      now: () => ({ translate, isMapped: () => true, lastCopies: () => [], stillKnows: () => true }),
    }) as unknown as FlowTranslation

  const groupOf = (checkpointOf: (topic: string, partition: number) => Emitted | null = () => null): TrackedGroup =>
    new TrackedGroup('g', { acceptsTopic: topic => topic !== 'other', remoteName: topic => `A.${topic}`, checkpointOf })

  const at = (topic: string, partition: number, offset: number) => ({ topic, partition, offset, metadata: '' })
  const planned = (group: TrackedGroup, translation: FlowTranslation, marks = new SettledMarks()) =>
    planCheckpoints([group], translation, marks).map(({ remoteTopic, partition, pending }) => [remoteTopic, partition, pending])
  const written = (group: TrackedGroup): void => {
    for (const partition of group.partitions) {
      partition.checkpoint = partition.pending ?? partition.checkpoint
      partition.pending = null
    }
  }

  test('is translated again only where it has moved, in topics that are mirrored', () => {
    const group = groupOf()
    const same = translating((_topic, _partition, offset) => exact(offset))
    group.committed([at('t', 0, 5), at('other', 0, 1), at('t', 1, 7)])
    assert.equal(planned(group, same).length, 2)
    written(group)
    assert.deepEqual(planned(group, same), [])
    group.committed([at('t', 0, 5), at('other', 0, 2), at('t', 1, 8)])
    assert.deepEqual(planned(group, same), [['A.t', 1, { upstreamOffset: 8, downstreamOffset: 8 }]])
  })

  test('keeps what is known of it when it commits in other partitions, and forgets those it has left', () => {
    const group = groupOf()
    const same = translating((_topic, _partition, offset) => exact(offset))
    group.committed([at('t', 0, 5), at('t', 1, 7)])
    planned(group, same)
    written(group)
    group.committed([at('t', 1, 7), at('t', 2, 9)])
    assert.deepEqual(planned(group, same), [['A.t', 2, { upstreamOffset: 9, downstreamOffset: 9 }]])
    assert.deepEqual(
      group.partitions.map(({ partition }) => partition),
      [1, 2],
    )
  })

  test('is translated again until that is exact, and not while a checkpoint is on its way', () => {
    const group = groupOf()
    let translation: Translation | null = null
    const current = translating(() => translation)
    group.committed([at('t', 0, 9)])
    assert.deepEqual(planned(group, current), [])
    translation = low(3)
    assert.deepEqual(planned(group, current), [['A.t', 0, { upstreamOffset: 9, downstreamOffset: 3 }]])
    translation = exact(4)
    assert.deepEqual(planned(group, current), [])
    written(group)
    assert.deepEqual(planned(group, current), [['A.t', 0, { upstreamOffset: 9, downstreamOffset: 4 }]])
  })

  test('is translated again where records up to it, or up to another group further on, were copied again', () => {
    const [group, marks] = [groupOf(), new SettledMarks()]
    const copiedFrom = (begin: number, end: number, difference: number) =>
      translating((topic, _partition, offset) => {
        if (topic === 'still' || offset < begin) return exact(offset)
        return offset <= end ? exact(offset + difference) : low(begin + difference)
      })
    group.committed([at('t', 0, 60), at('t', 1, 90), at('still', 0, 60)])
    assert.equal(planned(group, copiedFrom(100, 100, 0), marks).length, 3)
    written(group)
    assert.deepEqual(planned(group, copiedFrom(50, 70, 50), marks), [
      ['A.t', 0, { upstreamOffset: 60, downstreamOffset: 110 }],
      ['A.t', 1, { upstreamOffset: 90, downstreamOffset: 100 }],
    ])
    written(group)
    assert.deepEqual(planned(group, copiedFrom(50, 100, 50), marks), [['A.t', 1, { upstreamOffset: 90, downstreamOffset: 140 }]])
    written(group)
    assert.deepEqual(planned(group, copiedFrom(50, 100, 50), marks), [])
    group.committed([at('t', 0, 60), at('t', 1, 20), at('still', 0, 60)])
    assert.deepEqual(planned(group, copiedFrom(10, 100, 130), marks), [
      ['A.t', 1, { upstreamOffset: 20, downstreamOffset: 150 }],
      ['A.t', 0, { upstreamOffset: 60, downstreamOffset: 190 }],
    ])
  })

  test('that went back to where nothing is known goes back to the first record', () => {
    const group = groupOf(() => ({ upstreamOffset: 80, downstreamOffset: 30 }))
    const nothing = translating(() => null)
    group.committed([at('t', 0, 10)])
    assert.deepEqual(planned(group, nothing), [['A.t', 0, { upstreamOffset: 10, downstreamOffset: 0 }]])
    written(group)
    assert.deepEqual(planned(group, nothing), [])
  })

  test('goes on from the checkpoints of an earlier run', () => {
    const group = groupOf(topic => (topic === 'A.t' ? { upstreamOffset: 250, downstreamOffset: 201 } : null))
    const current = translating((_topic, _partition, offset) => low(offset - 75 + 1))
    group.committed([at('t', 0, 250)])
    assert.deepEqual(planned(group, current), [])
    group.committed([at('t', 0, 400)])
    assert.deepEqual(planned(group, current), [['A.t', 0, { upstreamOffset: 400, downstreamOffset: 326 }]])
  })
})
