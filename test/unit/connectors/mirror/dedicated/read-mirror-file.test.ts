import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type MirrorFile, readMirrorFile } from '../../../../../connectors/mirror/dedicated/read-mirror-file.ts'
import { CONFIG_PROPERTY_FILTER, REPLICATION_POLICY, TOPIC_FILTER } from '../../../../../connectors/mirror/tokens.ts'
import { ConfigError } from '../../../../../framework/api/index.ts'
import { createInjector, PluginRegistry } from '../../../../../framework/di/index.ts'
import { DefaultReplicationPolicy, IdentityReplicationPolicy } from '../../../../../policies/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'isthmus-mirror-file-'))
after(() => rmSync(folder, { recursive: true }))

const LINES = ['clusters = A, B', 'A.bootstrap.servers = a:1', 'B.bootstrap.servers = b:1', 'A->B.enabled = true']

function read(lines: readonly string[], injector = createInjector()): Promise<MirrorFile> {
  const path = join(folder, 'mm2.properties')
  writeFileSync(path, [...LINES, ...lines].join('\n'))
  return readMirrorFile(path, { clusters: [], injector, plugins: new PluginRegistry().loader([folder]) })
}

test('each flow has the policy and the filters that its lines ask for, configured', async () => {
  const file = await read([
    'B->A.enabled = true',
    'replication.policy.separator = _',
    'A->B.topics = orders',
    'B->A.replication.policy.class = org.apache.kafka.connect.mirror.IdentityReplicationPolicy',
  ])
  const [there, back] = ['A->B', 'B->A'].map(name => file.flows.find(({ flow }) => flow.name === name)!.injector)
  assert.equal(there!.resolve(REPLICATION_POLICY).formatRemoteTopic('A', 't'), 'A_t')
  assert.ok(back!.resolve(REPLICATION_POLICY) instanceof IdentityReplicationPolicy)
  assert.equal(there!.resolve(TOPIC_FILTER).shouldReplicateTopic('other'), false)
  assert.equal(back!.resolve(TOPIC_FILTER).shouldReplicateTopic('other'), true)
  assert.equal(there!.resolve(CONFIG_PROPERTY_FILTER).shouldReplicateConfigProperty('retention.ms'), true)
})

test('what the host program provides wins over the file', async () => {
  const injector = createInjector()
  const own = new DefaultReplicationPolicy({ separator: '/' })
  injector.provide(REPLICATION_POLICY, () => own)
  const file = await read(['replication.policy.class = IdentityReplicationPolicy'], injector)
  assert.equal(file.flows[0]?.injector.resolve(REPLICATION_POLICY), own)
})

test('classes are looked at even where the file has other problems, each problem told once', async () => {
  const lines = ['tasks.max = many', 'A->B.topic.filter.class = ./none.js', 'replication.policy.class = NoSuchPolicy']
  const error = await read(lines).then(
    () => assert.fail('accepted'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof ConfigError)
  const keys = error.problems.map(({ key }) => key).sort()
  assert.deepEqual(keys, ['A->B.topic.filter.class', 'replication.policy.class', 'tasks.max'])
})
