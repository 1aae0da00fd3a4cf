import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AckEntry, AckedPrefix } from '../../../../framework/flow/acked-prefix.ts'

const entry = (offset: number): AckEntry<number> => ({ offset, state: 'waiting' })

function submit(prefix: AckedPrefix<string, number>, key: string, count: number): AckEntry<number>[] {
  const entries = Array.from({ length: count }, (_, i) => entry(i))
  for (const each of entries) prefix.lane(key).submit(each)
  return entries
}

test('commits the longest acknowledged prefix, in whatever order the acknowledgements come', () => {
  const prefix = new AckedPrefix<string, number>()
  const [a, b, c, d] = submit(prefix, 'p', 4)
  prefix.lane('p').ack(c!)
  assert.deepEqual(prefix.takeCommittable(), [])
  prefix.lane('p').ack(a!)
  assert.deepEqual(prefix.takeCommittable(), [['p', 0]])
  prefix.lane('p').ack(b!)
  assert.deepEqual(prefix.takeCommittable(), [['p', 2]])
  assert.deepEqual(prefix.takeCommittable(), [], 'nothing new')
  assert.equal(prefix.pending, 1)
  prefix.lane('p').ack(d!)
  assert.equal(prefix.pending, 0)
})

test('a stuck entry holds back its own key only', () => {
  const prefix = new AckedPrefix<string, number>()
  const stuck = submit(prefix, 'stuck', 3)
  const free = submit(prefix, 'free', 3)
  for (const each of [...stuck.slice(1), ...free]) prefix.lane(stuck.includes(each) ? 'stuck' : 'free').ack(each)
  assert.deepEqual(prefix.takeCommittable(), [['free', 2]])
  assert.equal(prefix.pending, 3)
})

test('tells of each passed entry in order', () => {
  const passed: number[] = []
  const prefix = new AckedPrefix<string, number>(each => passed.push(each.offset))
  const entries = submit(prefix, 'p', 100)
  const shuffled = entries.toSorted((x, y) => ((x.offset * 37) % 101) - ((y.offset * 37) % 101))
  for (const each of shuffled) prefix.lane('p').ack(each)
  assert.deepEqual(
    passed,
    entries.map(each => each.offset),
  )
})

test('a refused entry ends the prefix for good, and what came after it is forgotten', () => {
  const prefix = new AckedPrefix<string, number>()
  const [a, b, c, d] = submit(prefix, 'p', 4)
  const lane = prefix.lane('p')
  lane.refuse(c!)
  lane.refuse(b!)
  assert.equal(prefix.pending, 4)
  lane.ack(a!)
  assert.deepEqual(prefix.takeCommittable(), [['p', 0]])
  assert.equal(prefix.pending, 0)
  lane.ack(d!)
  lane.submit(entry(9))
  assert.equal(prefix.pending, 0)
  assert.deepEqual(prefix.takeCommittable(), [])
})

test('offsets given back are taken again, unless newer ones have come', () => {
  const prefix = new AckedPrefix<string, number>()
  const [a, b] = submit(prefix, 'p', 2)
  const other = submit(prefix, 'q', 1)
  prefix.lane('p').ack(a!)
  prefix.lane('q').ack(other[0]!)
  const taken = prefix.takeCommittable()
  assert.deepEqual(taken, [
    ['p', 0],
    ['q', 0],
  ])
  prefix.lane('p').ack(b!)
  prefix.giveBack(taken)
  assert.deepEqual(
    new Map(prefix.takeCommittable()),
    new Map([
      ['p', 1],
      ['q', 0],
    ]),
  )
})

test('holds no more than what is pending', () => {
  const prefix = new AckedPrefix<string, number>()
  const lane = prefix.lane('p')
  for (let i = 0; i < 100_000; i++) {
    const each = entry(i)
    lane.submit(each)
    lane.ack(each)
  }
  assert.equal(lane.pending, 0)
  assert.deepEqual(prefix.takeCommittable(), [['p', 99_999]])
})
