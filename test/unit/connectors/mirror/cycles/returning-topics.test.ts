import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type NamingFlow, returningTopics } from '../../../../../connectors/mirror/cycles/returning-topics.ts'

interface Flow extends NamingFlow {
  readonly name: string
}

/** `A->B`; what it copies; whether names stay, else they are changed as by the default policy. */
function flow(name: string, copies: RegExp, policy: 'keeps' | 'renames'): Flow {
  const [source = '', target = ''] = name.split('->')
  const called = (topic: string): string => (policy === 'keeps' ? topic : `${source}.${topic}`)
  return { name, source, target, copyOf: topic => (copies.test(topic) ? called(topic) : undefined) }
}

/** Each as `A->B B->A: name, name, name`. */
function returns(flows: readonly Flow[], topics: readonly string[], told: readonly Flow[] = []): readonly string[] {
  return returningTopics(flows, topics, new Set(told)).map(({ flows: way, names }) => {
    return `${way.map(({ name }) => name).join(' ')}: ${names.join(', ')} ...`
  })
}

describe('a topic comes back', () => {
  test('under a longer name each time, where one flow keeps the name that the other one made', () => {
    const flows = [flow('A->B', /./, 'renames'), flow('B->A', /./, 'keeps')]
    assert.deepEqual(returns(flows, ['x']), ['A->B B->A: x, A.x, A.x ...'])
  })

  test('over three clusters, by the shortest way that there is', () => {
    const round = [flow('A->B', /./, 'renames'), flow('B->C', /./, 'renames'), flow('C->A', /./, 'keeps')]
    assert.deepEqual(returns(round, ['x']), ['A->B B->C C->A: x, A.x, B.A.x, B.A.x ...'])
    const both = [...round, flow('B->A', /./, 'keeps')]
    assert.deepEqual(returns(both, ['x']), ['A->B B->A: x, A.x, A.x ...', 'B->C C->A A->B: x, B.x, B.x, A.B.x ...'])
  })

  test('for each of the topics that has a way of its own', () => {
    const flows = [
      flow('A->B', /x/, 'renames'),
      flow('B->A', /x/, 'keeps'),
      flow('A->C', /y/, 'renames'),
      flow('C->A', /y/, 'keeps'),
    ]
    assert.deepEqual(returns(flows, ['z', 'y', 'x']), ['A->C C->A: y, A.y, A.y ...', 'A->B B->A: x, A.x, A.x ...'])
  })
})

describe('no topic is told of', () => {
  test('that keeps its name all the way, or keeps it nowhere', () => {
    for (const policy of ['keeps', 'renames'] as const) {
      assert.deepEqual(returns([flow('A->B', /./, policy), flow('B->A', /./, policy)], ['x']), [])
    }
  })

  test('that does not go on under the name with which it came back', () => {
    assert.deepEqual(returns([flow('A->B', /^x$/, 'renames'), flow('B->A', /^x$/, 'keeps')], ['x']), [])
  })

  test('that one flow of the way leaves out', () => {
    assert.deepEqual(returns([flow('A->B', /^eu/, 'renames'), flow('B->A', /^us/, 'keeps')], ['eu', 'us', 'x']), [])
  })

  test('whose way has only flows that were told of already', () => {
    const flows = [flow('A->B', /./, 'renames'), flow('B->A', /./, 'keeps')]
    assert.deepEqual(returns(flows, ['x'], flows), [])
    assert.equal(returns(flows, ['x'], flows.slice(1)).length, 1)
  })

  test('where more ways lead on than anyone could look at', () => {
    const clusters = [...'ABCDEFGHIJKL']
    const net = clusters.flatMap(source =>
      clusters.filter(target => target !== source).map(target => flow(`${source}->${target}`, /./, 'renames')),
    )
    assert.deepEqual(returns(net, ['x']), [])
  })
})
