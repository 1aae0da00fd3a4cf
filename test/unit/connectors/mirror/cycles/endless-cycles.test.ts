import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { endlessCycles, type NameKeepingFlow } from '../../../../../connectors/mirror/cycles/endless-cycles.ts'
import { DEFAULT_TOPICS_EXCLUDE, DefaultTopicFilter } from '../../../../../policies/index.ts'

/** `A->B`, topics, topics.exclude. */
type Flow = readonly [name: string, include?: string | undefined, exclude?: string | undefined]

function flow([name, include, exclude = DEFAULT_TOPICS_EXCLUDE]: Flow): NameKeepingFlow {
  const [source = '', target = ''] = name.split('->')
  if (include === undefined) return { source, target, copies: () => true }
  const filter = new DefaultTopicFilter()
  filter.configure({ topics: include, 'topics.exclude': exclude })
  return { source, target, topics: { include, exclude }, copies: topic => filter.shouldReplicateTopic(topic) }
}

/** Each as `A->B B->A: topic`. */
function cycles(...flows: readonly Flow[]): readonly string[] {
  return endlessCycles(flows.map(flow)).map(({ flows: found, topic }) => {
    return `${found.map(({ source, target }) => `${source}->${target}`).join(' ')}: ${topic ?? '?'}`
  })
}

describe('a cycle is endless', () => {
  test('where both directions choose a topic', () => {
    assert.deepEqual(cycles(['A->B', '.*'], ['B->A', '.*']), ['A->B B->A: orders'])
    assert.deepEqual(cycles(['A->B', 'x, payments'], ['B->A', 'payments, y']), ['A->B B->A: payments'])
    assert.deepEqual(cycles(['A->B', 'payments'], ['B->A', 'pay.*']), ['A->B B->A: payments'])
  })

  test('where patterns have a name in common that neither of them spells out', () => {
    assert.deepEqual(cycles(['A->B', 'eu-.*'], ['B->A', '.*-log']), ['A->B B->A: eu-log'])
    assert.deepEqual(cycles(['A->B', 'x.y'], ['B->A', 'x[-_]y']), ['A->B B->A: x_y'])
  })

  test('over three clusters, and over three at once with two', () => {
    const circle = [['A->B', '.*'] as const, ['B->C', '.*'] as const]
    assert.deepEqual(cycles(...circle, ['C->A', 'a.*']), ['A->B B->C C->A: a'])
    const both = cycles(['A->B', 'x, y'], ['B->A', 'y'], ['B->C', 'x'], ['C->A', 'x'])
    assert.deepEqual(both, ['A->B B->C C->A: x', 'B->A A->B: y'])
  })

  test('though a topic is left out by one of them', () => {
    assert.deepEqual(cycles(['A->B', '.*', 'eu-a'], ['B->A', 'eu-.*', 'x']), ['A->B B->A: eu-'])
  })

  test('perhaps, where nobody can tell: a filter of one’s own, a look-ahead', () => {
    assert.deepEqual(cycles(['A->B'], ['B->A', 'orders']), ['A->B B->A: ?'])
    assert.deepEqual(cycles(['A->B', '(?!us-)[^o].*'], ['B->A', 'us-.*']), ['A->B B->A: ?'])
  })
})

describe('a cycle ends', () => {
  test('where flows do not lead round', () => {
    assert.deepEqual(cycles(['A->B', '.*'], ['A->C', '.*'], ['B->C', '.*']), [])
  })

  const disjoint: readonly (readonly [why: string, there: string, back: string, exclude?: string])[] = [
    ['names differ', 'orders, payments', 'invoices'],
    ['a name does not match the other’s pattern', 'orders', 'eu-.*, us\\.orders'],
    ['prefixes contradict each other', 'eu-.*', 'us-.*'],
    ['endings contradict each other', '.*-eu', '.*-us'],
    ['classes have no character in common', '[a-m].*', '[n-z].*'],
    ['one leaves out what the other chooses', '.*', 'us-.*', 'us-.*'],
    ['one leaves out the names that the other chooses', '.*', 'orders, payments', 'orders|payments'],
    ['alternatives are all apart', '(eu|de)-.*', '(us|ca)-.*, xde-.*'],
    ['one of several patterns is left out, whatever the others are', 'us-.*', '.*', 'eu-.*, (?!us-).*, us-.*'],
    ['brackets reach over a comma', 'x(a, b)', 'x[c-e], b'],
    ['quotes reach over a comma', '\\Qa, b', 'b.*'],
    ['a list is empty', '', '.*'],
    ['both choose what is never copied alone', '__.*', '__.*'],
  ]
  for (const [why, there, back, exclude] of disjoint) {
    test(`where ${why}`, () => {
      assert.deepEqual(cycles(['A->B', there, exclude], ['B->A', back]), [])
      assert.deepEqual(cycles(['B->A', back], ['A->B', there, exclude]), [])
    })
  }

  test('where each pair of three has topics in common, but not all three', () => {
    assert.deepEqual(cycles(['A->B', 'x, y'], ['B->C', 'y, z'], ['C->A', 'z, x']), [])
  })

  test('where names that are spelt out are left out, however that is written', () => {
    assert.deepEqual(cycles(['A->B', 'eu-orders, eu\\.x'], ['B->A', '.*', '(?=eu).*']), [])
  })
})

test('a thousand names each way are told apart at once', () => {
  const names = (region: string): string => Array.from({ length: 1_000 }, (_, i) => `com.acme.${region}.topic.${i}`).join(',')
  const before = performance.now()
  assert.deepEqual(cycles(['A->B', names('eu')], ['B->A', names('us')]), [])
  assert.ok(performance.now() - before < 10_000)
})

test('patterns too intricate to take apart count as meeting', () => {
  const intricate = (last: string): string => `.*a.{14}${last}`
  assert.deepEqual(cycles(['A->B', intricate('b')], ['B->A', intricate('c')]), ['A->B B->A: ?'])
})
