import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Assignments, Assignor } from '../../../../../framework/kafka/consumer-group/assignor.ts'
import { cooperativeSticky } from '../../../../../framework/kafka/consumer-group/cooperative-sticky.ts'
import { range } from '../../../../../framework/kafka/consumer-group/range.ts'
import { nameOf, type TopicPartition } from '../../../../../framework/kafka/consumer-group/wire.ts'

interface Given {
  readonly topics: readonly string[]
  readonly owned?: string
  readonly generationId?: number
}

const partitionsOf = (names: string): TopicPartition[] =>
  names.split(' ').flatMap(name => {
    const dash = name.lastIndexOf('-')
    return dash < 0 ? [] : [{ topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) }]
  })

const members = (given: Readonly<Record<string, Given>>) =>
  Object.entries(given).map(([memberId, { topics, owned = '', generationId = 1 }]) => ({
    memberId,
    subscription: { topics, owned: partitionsOf(owned), generationId, rack: null },
  }))

const told = (assignments: Assignments) =>
  Object.fromEntries([...assignments].map(([memberId, partitions]) => [memberId, partitions.map(nameOf).sort().join(' ')]))

const assign = (assignor: Assignor, given: Readonly<Record<string, Given>>, counts: Readonly<Record<string, number>>) =>
  told(assignor.assign(members(given), new Map(Object.entries(counts))))

describe('range', () => {
  test('gives runs of each topic, the first members one more', () => {
    const given = { b: { topics: ['t', 'u'] }, a: { topics: ['t', 'u'] } }
    assert.deepEqual(assign(range, given, { t: 3, u: 3 }), { a: 't-0 t-1 u-0 u-1', b: 't-2 u-2' })
  })

  test('gives topics to those who subscribe to them only, and nothing of what does not exist', () => {
    const given = { a: { topics: ['t'] }, b: { topics: ['u', 'none'] }, c: { topics: ['t'] } }
    assert.deepEqual(assign(range, given, { t: 1, u: 2 }), { a: 't-0', b: 'u-0 u-1', c: '' })
  })
})

describe('cooperative-sticky', () => {
  test('gives all that is free, evenly', () => {
    const given = { a: { topics: ['t'] }, b: { topics: ['t'] } }
    assert.deepEqual(assign(cooperativeSticky, given, { t: 3 }), { a: 't-0 t-2', b: 't-1' })
  })

  test('leaves members what they have while shares are even', () => {
    const given = { a: { topics: ['t'], owned: 't-1 t-3' }, b: { topics: ['t'], owned: 't-0' } }
    assert.deepEqual(assign(cooperativeSticky, given, { t: 4 }), { a: 't-1 t-3', b: 't-0 t-2' })
  })

  test('what a newcomer is to have is given to nobody until it was given back', () => {
    const first = { a: { topics: ['t'], owned: 't-0 t-1 t-2 t-3' }, b: { topics: ['t'] } }
    assert.deepEqual(assign(cooperativeSticky, first, { t: 4 }), { a: 't-0 t-1', b: '' })
    const second = { a: { topics: ['t'], owned: 't-0 t-1', generationId: 2 }, b: { topics: ['t'], generationId: 2 } }
    assert.deepEqual(assign(cooperativeSticky, second, { t: 4 }), { a: 't-0 t-1', b: 't-2 t-3' })
  })

  test('of two claims the later generation counts, and of equal ones neither', () => {
    const stale = { a: { topics: ['t'], owned: 't-0', generationId: 1 }, b: { topics: ['t'], owned: 't-0', generationId: 2 } }
    assert.deepEqual(assign(cooperativeSticky, stale, { t: 1 }), { a: '', b: 't-0' })
    const equal = { a: { topics: ['t'], owned: 't-0' }, b: { topics: ['t'], owned: 't-0' } }
    assert.deepEqual(assign(cooperativeSticky, equal, { t: 1 }), { a: 't-0', b: '' })
  })

  test('claims to what is gone or no longer subscribed to count for nothing', () => {
    const given = { a: { topics: ['t'], owned: 't-5 u-0' }, b: { topics: ['t', 'u'] } }
    assert.deepEqual(assign(cooperativeSticky, given, { t: 1, u: 1 }), { a: 't-0', b: 'u-0' })
  })

  test('every partition has at most one owner and no subscriber two more than another, whatever they had before', () => {
    for (let round = 0; round < 200; round++) {
      const count = 1 + (round % 17)
      const ids = ['a', 'b', 'c', 'd'].slice(0, 1 + (round % 4))
      const pick = (i: number) => ids[(i * 7 + round) % (ids.length + 1)]
      const given = Object.fromEntries(
        ids.map(id => {
          const owned = Array.from({ length: count }, (_, i) => i).filter(i => pick(i) === id)
          return [id, { topics: ['t'], owned: owned.map(i => `t-${i}`).join(' ') }]
        }),
      )
      let before = given
      for (let generationId = 2; ; generationId++) {
        const result = assign(cooperativeSticky, before, { t: count })
        const all = Object.values(result).flatMap(names => partitionsOf(names).map(nameOf))
        assert.equal(new Set(all).size, all.length)
        if (all.length === count) {
          const sizes = Object.values(result).map(names => partitionsOf(names).length)
          assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, JSON.stringify(result))
          break
        }
        assert.ok(generationId < 4, 'two rounds are enough')
        before = Object.fromEntries(ids.map(id => [id, { topics: ['t'], owned: result[id] ?? '', generationId }]))
      }
    }
  })
})
