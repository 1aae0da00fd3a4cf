import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { OffsetSyncTable } from '../../../../../connectors/mirror/offset-syncs/offset-sync-table.ts'
import { SyncSlots } from '../../../../../connectors/mirror/offset-syncs/sync-slots.ts'
import { seededRandom } from '../../../../seeded-random.ts'

const pair = (upstreamOffset: number, downstreamOffset = upstreamOffset): Pair => ({ upstreamOffset, downstreamOffset })
const steps = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step)

interface Pair {
  readonly upstreamOffset: number
  readonly downstreamOffset: number
}

/** `slot:offset` at each change. */
const picture = ({ slots }: SyncSlots): string =>
  slots.flatMap((sync, i) => (i > 0 && sync === slots[i - 1] ? [] : [`${i}:${sync.upstreamOffset}`])).join(', ')

function slotsOf(offsets: readonly number[]): SyncSlots {
  const slots = new SyncSlots(pair(offsets[0]!))
  const isRepeating = new Set(offsets).size < offsets.length
  for (const offset of offsets.slice(1)) {
    slots.add(pair(offset))
    if (!isRepeating) assertSpacing(slots)
  }
  return slots
}

function assertSpacing({ slots }: SyncSlots): void {
  for (let i = 0; i < 64; i++) {
    for (let j = i + 1; j < 64; j++) {
      if (slots[i] === slots[j]) continue
      const [newer, older] = [slots[i]!.upstreamOffset, slots[j]!.upstreamOffset]
      assert.ok(newer <= older + 2 ** j - 2 ** i, `${i}:${newer} and ${j}:${older} lie too far apart`)
      assert.ok(newer >= older + 2 ** Math.max(i - 2, 0), `${i}:${newer} and ${j}:${older} lie too near`)
    }
  }
}

/** Distinct pairs that are in `before` and no more in `after`. */
const expired = (before: readonly Pair[], after: readonly Pair[]): number =>
  [...new Set(before)].filter(sync => !after.includes(sync)).length

function table(
  mustReadToEnd: boolean,
  before: readonly number[],
): { add(up: number, down?: number): void; at(up: number): number | null } {
  const syncs = new OffsetSyncTable('syncs', mustReadToEnd)
  const add = (up: number, down = up): void =>
    syncs.add({ topic: 'topic1', partition: 2, upstreamOffset: up, downstreamOffset: down })
  for (const offset of before) add(offset)
  assert.equal(syncs.translateDownstream('topic1', 2, 0), null)
  syncs.readToEnd()
  return { add, at: up => syncs.translateDownstream('topic1', 2, up) }
}

/** Each offset translates to itself, the one after it one further, and up to the one after that no further. */
function assertChain(at: (up: number) => number | null, chain: readonly number[]): void {
  chain.forEach((offset, i) => {
    const previous = chain[i - 1]
    assert.equal(at(offset - 1), previous === undefined ? -1 : previous + 1, `${offset - 1}`)
    assert.equal(at(offset), offset)
    assert.equal(at(offset + 1), offset + 1)
    assert.equal(at(offset + 2), offset + 1)
  })
}

describe('64 pairs', () => {
  const vectors: [string, readonly number[], string][] = [
    ['0, 1', [0, 1], '0:1, 1:0'],
    ['0 to 4', steps(0, 4, 1), '0:4, 1:3, 2:2, 3:0'],
    ['0 to 8', steps(0, 8, 1), '0:8, 1:7, 2:6, 3:4, 4:0'],
    ['0 to 16', steps(0, 16, 1), '0:16, 1:15, 2:14, 3:12, 4:8, 5:0'],
    ['0 to 20', steps(0, 20, 1), '0:20, 1:19, 2:18, 3:16, 4:8, 5:0'],
    ['0, 100', [0, 100], '0:100, 8:0'],
    ['0 to 400 by 100', steps(0, 400, 100), '0:400, 8:300, 9:200, 10:0'],
    ['0 to 800 by 100', steps(0, 800, 100), '0:800, 8:700, 9:600, 10:400, 11:0'],
    ['0 to 1000 by 100', steps(0, 1000, 100), '0:1000, 8:900, 9:800, 10:400, 11:0'],
    ['0 to 1000 by 10', steps(0, 1000, 10), '0:1000, 5:990, 6:960, 7:900, 8:840, 9:720, 10:480, 11:0'],
    [
      'that, then 1000 to 10000 by 10',
      [...steps(0, 1000, 10), ...steps(1000, 10_000, 10)],
      '0:10000, 5:9990, 6:9960, 7:9900, 8:9840, 9:9600, 10:9120, 11:8640, 12:7680, 13:3840, 14:0',
    ],
    [
      '1000, then 1010 to 10000 by 10',
      steps(1000, 10_000, 10),
      '0:10000, 5:9990, 6:9970, 7:9940, 8:9880, 9:9640, 10:9160, 11:8680, 12:6760, 13:4840, 14:1000',
    ],
    ['a step back', [...steps(1000, 10_000, 10), 1500], '0:1500'],
    ['100, 200, 300', [100, 200, 300], '0:300, 8:200, 9:100'],
    ['175 to 475 by 100', steps(175, 475, 100), '0:475, 8:375, 9:175'],
    ['11 to 17', steps(11, 17, 1), '0:17, 1:16, 2:15, 3:11'],
  ]
  for (const [name, offsets, expected] of vectors) {
    test(`${name}: as Java keeps them`, () => assert.equal(picture(slotsOf(offsets)), expected))
  }

  test('evenly spaced pairs push out at most one each', () => {
    for (let step = 1; step < 2 ** 46; step = step * 2 + 1) {
      for (let first = 0; first < 30; first++) {
        const slots = new SyncSlots(pair(first))
        for (let i = 1; i <= 100; i++) {
          const before = slots.slots
          slots.add(pair(first + i * step))
          assert.ok(expired(before, slots.slots) <= 1)
          assert.equal(slots.slots[63]?.upstreamOffset, first)
          assert.equal(slots.newest.upstreamOffset, first + i * step)
        }
      }
    }
  })

  test('randomly spaced pairs push out few', () => {
    const random = seededRandom(1)
    for (let n = 1; n <= 42; n++) {
      for (const least of [0, 2 ** 16]) {
        const slots = new SyncSlots(pair(0))
        let offset = 0
        for (let i = 0; i < 1_024; i++) {
          const before = slots.slots
          offset += least + Math.floor(random() * 2 ** n)
          slots.add(pair(offset))
          assert.ok(expired(before, slots.slots) <= n + 2)
        }
      }
    }
  })

  test('pairs of which some were dropped push out at most two each', () => {
    const random = seededRandom(2)
    const slots = new SyncSlots(pair(0))
    let offset = 0
    for (let i = 0; i < 10_000; i++) {
      const before = slots.slots
      offset += random() < 0.5 ? 100 : 200
      slots.add(pair(offset))
      assert.ok(expired(before, slots.slots) <= 2)
      if (i % 500 === 0) assertSpacing(slots)
    }
  })
})

describe('translation by pairs alone', () => {
  test('goes on after the last pair at or before the offset', () => {
    const { add, at } = table(true, [])
    assert.equal(at(7), null, 'no pair yet')
    add(100, 200)
    assert.equal(at(150), 201)
    add(150, 251)
    assert.equal(at(150), 251)
    assert.equal(at(5), -1)
    add(200, 10)
    assert.equal(at(200), 10)
    add(20, 20)
    assert.equal(at(20), 20)
  })

  test('waits for what is stored to be read, and then goes by what came since', () => {
    const { add, at } = table(true, [50])
    add(100, 200)
    assert.deepEqual([at(0), at(100), at(101)], [-1, 200, 201])
  })

  test('of what was stored before the start only the newest pair counts', () => {
    const { add, at } = table(true, steps(0, 1000, 10))
    assertChain(at, [1000])
    for (const offset of steps(1010, 10_000, 10)) add(offset)
    assertChain(at, [1000, 4840, 6760, 8680, 9160, 9640, 9880, 9940, 9970, 9990, 10_000])
    add(1500, 11_000)
    assert.deepEqual([at(1499), at(1500), at(2000)], [-1, 11_000, 11_001])
  })

  test('where checkpoints are known, all that was stored counts', () => {
    const { add, at } = table(false, steps(0, 1000, 10))
    assert.deepEqual([at(480), at(481), at(720), at(1000)], [480, 481, 720, 1000])
    for (const offset of steps(1000, 10_000, 10)) add(offset)
    assertChain(offset => (offset < 0 ? -1 : at(offset)), [0, 3840, 7680, 8640, 9120, 9600, 9840, 9900, 9960, 9990, 10_000])
    add(1500, 11_000)
    assert.deepEqual([at(1499), at(1500), at(2000)], [-1, 11_000, 11_001])
  })

  test('a malformed record is an error, and what was known stays', () => {
    const syncs = new OffsetSyncTable('syncs', false)
    syncs.readToEnd()
    syncs.add({ topic: 't', partition: 0, upstreamOffset: 5, downstreamOffset: 7 })
    const broken = { key: Buffer.from([0, 9, 1]), value: Buffer.alloc(3), partition: 0, offset: 3 }
    assert.throws(() => syncs.put(broken), { code: 'MIRROR_RECORD_MALFORMED' })
    syncs.put({ key: Buffer.from([0, 1, 0x74, 0, 0, 0, 0]), value: null, partition: 0, offset: 4 })
    assert.equal(syncs.translateDownstream('t', 0, 5), 7)
  })
})
