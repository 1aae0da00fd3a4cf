import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { readMirrorFile } from '../../../../../connectors/mirror/dedicated/read-mirror-file.ts'
import { REPLICATION_POLICY } from '../../../../../connectors/mirror/tokens.ts'
import { ConfigError } from '../../../../../framework/api/index.ts'
import { createInjector, PluginRegistry } from '../../../../../framework/di/index.ts'
import { IdentityReplicationPolicy } from '../../../../../policies/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'isthmus-cycles-'))
after(() => rmSync(folder, { recursive: true }))
writeFileSync(join(folder, 'filter.mjs'), 'export class Own { shouldReplicateTopic() { return false } }')
writeFileSync(
  join(folder, 'policy.mjs'),
  `const named = alias => ({
     formatRemoteTopic: (_, topic) => (topic.startsWith('shared') ? topic : alias + '/' + topic), topicSource: () => null, upstreamTopic: () => null,
     originalTopic: topic => topic, heartbeatsTopic: () => 'heartbeats', offsetSyncsTopic: () => 's', checkpointsTopic: () => 'c',
     isHeartbeatsTopic: () => false, isCheckpointsTopic: () => false, isMM2InternalTopic: () => false, isInternalTopic: () => false,
   })
   export default class { constructor() { Object.assign(this, named('x')) } }`,
)

const LINES = [
  'clusters = A, B',
  'A.bootstrap.servers = a:1',
  'B.bootstrap.servers = b:1',
  'A->B.enabled = true',
  'B->A.enabled = true',
]
const IDENTITY = 'replication.policy.class = org.apache.kafka.connect.mirror.IdentityReplicationPolicy'

interface Options {
  readonly clusters?: readonly string[]
  readonly injector?: ReturnType<typeof createInjector>
}

/** What is refused, line by line; none = the file is taken. */
async function refusals(
  lines: readonly string[],
  { clusters = [], injector = createInjector() }: Options = {},
): Promise<readonly string[]> {
  const path = join(folder, 'mm2.properties')
  writeFileSync(path, [...LINES, ...lines].join('\n'))
  const plugins = new PluginRegistry().loader([folder])
  const error = await readMirrorFile(path, { clusters, injector, plugins }).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error === null) return []
  assert.ok(error instanceof ConfigError)
  return error.message.split('\n')
}

describe('flows both ways that keep names', () => {
  test('are refused: which flows, which topics, why, and what to do', async () => {
    const [problem, ...more] = await refusals([IDENTITY, 'A->B.topics = ord.*'])
    assert.deepEqual(more, [])
    assert.match(problem ?? '', /^B->A\.enabled = true: A->B and B->A lead round in a circle, and topics keep their names/)
    assert.match(
      problem ?? '',
      /round and round for ever; each copies orders, for example \(A->B\.topics = ord\.\*; B->A\.topics = \.\*\)\. /,
    )
    assert.match(
      problem ?? '',
      /one direction at a time .* isthmus failback; or use the DefaultReplicationPolicy; or .* that cannot meet/,
    )
  })

  test('are refused in each process that runs some of them', async () => {
    for (const target of ['A', 'B']) assert.equal((await refusals([IDENTITY], { clusters: [target] })).length, 1)
  })

  test('are refused over three clusters, each circle told of', async () => {
    const three = [IDENTITY, 'clusters = A, B, C', 'C.bootstrap.servers = c:1', 'B->C.enabled = true', 'C->A.enabled = true']
    const problems = await refusals([...three, 'B->A.topics = x', 'B->C.topics = y'])
    assert.deepEqual(
      problems.map(problem => /: (.*) lead round/.exec(problem)?.[1]),
      ['A->B and B->A', 'B->C and C->A and A->B'],
    )
  })

  test('are refused together with what else is wrong in the file', async () => {
    const problems = await refusals([IDENTITY, 'tasks.max = many', 'topic.filter.class = ./none.js'])
    assert.deepEqual(problems.map(problem => problem.split(' ')[0]).sort(), ['B->A.enabled', 'tasks.max', 'topic.filter.class'])
  })

  test('are refused where the program that runs the mirror brings such a policy', async () => {
    const injector = createInjector()
    injector.provide(REPLICATION_POLICY, () => new IdentityReplicationPolicy())
    assert.equal((await refusals([], { injector })).length, 1)
  })

  test('are refused for the names that a policy of one’s own keeps', async () => {
    const own = 'replication.policy.class = ./policy.mjs'
    assert.match((await refusals([own, 'A->B.topics = shared-x, y'])).join(), /each copies shared-x/)
    assert.deepEqual(await refusals([own, 'topics = y']), [])
  })

  test('are refused with a filter of one’s own, of which nothing is known beforehand', async () => {
    const [problem] = await refusals([IDENTITY, 'B->A.topic.filter.class = ./filter.mjs'])
    assert.match(problem ?? '', /what \.\/filter\.mjs chooses for B->A cannot be told beforehand \(A->B\.topics = \.\*\)/)
    assert.match(problem ?? '', /where you know that no topic goes round, put one of the flows in a file of its own$/)
  })

  test('are fine where no topic goes both ways', async () => {
    assert.deepEqual(await refusals([IDENTITY, 'A->B.topics = eu-.*', 'B->A.topics = us-.*']), [])
    assert.deepEqual(await refusals([IDENTITY, 'A->B.topics.exclude = us-.*', 'B->A.topics = us-.*']), [])
    assert.deepEqual(await refusals([IDENTITY, 'A->B.topics = orders', 'B->A.topics = orders-internal, x-heartbeats, __y']), [])
  })

  test('are fine where only heartbeats go both ways, whose names tell where they come from', async () => {
    assert.deepEqual(await refusals([IDENTITY, 'topics = heartbeats']), [])
    assert.deepEqual(await refusals([IDENTITY, 'topics = .*heartbeats']), [])
  })
})

describe('flows both ways of which one keeps names and one does not', () => {
  const MIXED = 'B->A.replication.policy.class = IdentityReplicationPolicy'

  test('are refused: which flows, by which names a topic comes back, and what to do', async () => {
    const [problem = '', ...more] = await refusals([MIXED])
    assert.deepEqual(more, [])
    assert.match(problem, /^B->A\.enabled = true: A->B and B->A lead round in a circle on which some keep the names of topics/)
    assert.match(
      problem,
      /: orders on A -> A\.orders on B -> A\.orders on A -> and round again, for example \(A->B\.topics = \.\*; B->A\.topics = \.\*\)\. /,
    )
    assert.match(problem, /the same replication\.policy\.class .* or topics that cannot go all the way round/)
    assert.doesNotMatch(problem, /a file of its own/)
  })

  test('are fine where a topic comes back but once', async () => {
    assert.deepEqual(await refusals([MIXED, 'A->B.topics = orders', 'B->A.topics = A\\\\.orders']), [])
    assert.deepEqual(await refusals([MIXED, 'topics = x']), [])
  })

  test('are refused for a name that nobody spells out', async () => {
    const common = await refusals([MIXED, 'A->B.topics = .*eu-.*', 'B->A.topics = .*-log'])
    assert.match(common.join(), /: eu-log on A -> A\.eu-log on B -> A\.eu-log on A -> and round again/)
  })

  test('are refused over three clusters, beside a circle that keeps names', async () => {
    const three = ['clusters = A, B, C', 'C.bootstrap.servers = c:1', 'B->C.enabled = true', 'C->A.enabled = true']
    const keeping = ['A->B', 'B->A', 'C->A'].map(flow => `${flow}.replication.policy.class = IdentityReplicationPolicy`)
    const [endless, returning, ...more] = await refusals([...three, ...keeping, 'topics = .*orders'])
    assert.deepEqual(more, [])
    assert.match(endless ?? '', /A->B and B->A lead round in a circle, and topics keep their names there/)
    assert.match(returning ?? '', /: orders on A -> orders on B -> B\.orders on C -> B\.orders on A -> and round again/)
  })

  test('are refused with a filter of one’s own, which counts as choosing everything', async () => {
    const [problem = ''] = await refusals([MIXED, 'B->A.topic.filter.class = ./filter.mjs'])
    assert.match(
      problem,
      /A\.orders on A -> and round again, for example; what \.\/filter\.mjs chooses for B->A cannot be told beforehand/,
    )
    assert.match(problem, /where you know that no topic goes round, put one of the flows in a file of its own$/)
  })

  test('are fine where no topic can go all the way round', async () => {
    assert.deepEqual(await refusals([MIXED, 'A->B.topics = eu-.*', 'B->A.topics = us-.*']), [])
    assert.deepEqual(await refusals([MIXED, 'A->B.topics = orders', 'B->A.topics = payments']), [])
    assert.deepEqual(await refusals([MIXED, 'B->A.topics.exclude = A\\\\..*, eu-.*', 'A->B.topics = eu-.*']), [])
    assert.deepEqual(await refusals([MIXED, 'topics = .*[-.]internal']), [])
  })

  test('are fine where only heartbeats go both ways', async () => {
    assert.deepEqual(await refusals([MIXED, 'topics = .*heartbeats']), [])
  })
})

describe('flows both ways are fine', () => {
  test('with the default policy', async () => {
    assert.deepEqual(await refusals([]), [])
  })

  test('where one of them is switched off', async () => {
    assert.deepEqual(await refusals([IDENTITY, 'B->A.enabled = false']), [])
  })
})
