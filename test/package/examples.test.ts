import assert from 'node:assert/strict'
import { copyFileSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { checkMirrorFile } from 'isthmus/connectors/mirror'
import { readMirrorFile } from '../../connectors/mirror/dedicated/index.ts'
import { REPLICATION_POLICY } from '../../connectors/mirror/tokens.ts'
import { readFiles } from '../../framework/cli/connect/read-files.ts'
import { readPropertiesFile } from '../../framework/config/properties.ts'
import { createInjector, PluginRegistry } from '../../framework/di/index.ts'
import { MemoryLogger } from '../../framework/testing/index.ts'

const root = new URL('../../', import.meta.url).pathname
const policyFolder = join(root, 'examples/custom-policy')
const selfSigned = join(root, 'test/unit/framework/kafka/client-config/self-signed.pem')

describe('mirror files', () => {
  const certificates = mkdtempSync(join(tmpdir(), 'isthmus-certificates-'))
  before(() => {
    for (const name of ['primary-ca', 'backup-ca', 'isthmus-client']) copyFileSync(selfSigned, join(certificates, `${name}.pem`))
  })
  after(() => rmSync(certificates, { recursive: true }))

  const flows: Readonly<Record<string, readonly string[]>> = {
    'examples/active-active/mm2.properties': ['east->west', 'west->east'],
    'examples/custom-policy/mirror.properties': ['east->west', 'west->east'],
    'examples/demo/mm2.properties': ['east->west'],
    'examples/disaster-recovery/fail-back.properties': ['standby->primary'],
    'examples/disaster-recovery/mm2.properties': ['primary->standby'],
    'examples/failover/mm2.properties': ['east->west', 'west->east'],
    'examples/migration/mm2.properties': ['old->new'],
    'examples/mirror-transform/mirror.properties': ['shop->analysis'],
    'examples/mirror/active-active.properties': ['east->west', 'west->east'],
    'examples/mirror/identity.properties': ['old->new'],
    'examples/mirror/one-way.properties': ['primary->backup'],
    'examples/mirror/secured.properties': ['primary->backup'],
  }

  test('each is listed here', () => {
    const files = globSync('examples/**/*.properties', { cwd: root }).sort()
    assert.deepEqual(
      files.filter(file => /^clusters/m.test(readFileSync(join(root, file), 'utf8'))),
      Object.keys(flows),
    )
  })

  for (const [file, names] of Object.entries(flows)) {
    test(`${file} has no problem and nothing to warn of`, () => {
      const env = {
        CERTIFICATES: certificates,
        PRIMARY_PASSWORD: 'secret',
        BACKUP_KEY_PASSWORD: 'secret',
        EAST: '127.0.0.1:9092',
        WEST: '127.0.0.1:9093',
        PRIMARY: '127.0.0.1:9092',
        STANDBY: '127.0.0.1:9093',
        SHOP: '127.0.0.1:9092',
        ANALYSIS: '127.0.0.1:9093',
        OLD: '127.0.0.1:9092',
        NEW: '127.0.0.1:9093',
      }
      const plan = checkMirrorFile(readPropertiesFile(join(root, file)), { env })
      assert.deepEqual(plan.warnings, [])
      assert.deepEqual(
        plan.flows.map(({ name }) => name),
        names,
      )
    })
  }

  test('what the secured file sets reaches the clients', () => {
    const env = { CERTIFICATES: certificates, PRIMARY_PASSWORD: 'p w', BACKUP_KEY_PASSWORD: 'secret' }
    const plan = checkMirrorFile(readPropertiesFile(join(root, 'examples/mirror/secured.properties')), { env })
    const { consumer, dataProducer } = plan.flows[0]!.clients
    assert.deepEqual(consumer.client.sasl, { mechanism: 'scram-sha-512', username: 'isthmus', password: 'p w' })
    assert.match(String(dataProducer.client.ssl?.key), /PRIVATE KEY/)
    assert.equal(dataProducer.client.sasl, undefined)
  })
})

test('the files of a mirror in a Connect worker have no problem and nothing to warn of', async () => {
  const logger = new MemoryLogger()
  const file = (name: string): string => join(root, 'examples/mirror/connect', `${name}.properties`)
  const connectors = ['orders', 'checkpoints'].map(file)
  const plan = await readFiles({ worker: file('worker'), connectors, env: {}, injector: createInjector(), logger })
  assert.deepEqual([...plan.mistakes, ...plan.broken, ...logger.lines], [])
  assert.equal(plan.connectors.length, 2)
  await Promise.all(plan.connectors.map(({ prepared }) => prepared.close()))
  await plan.standalone?.stop()
})

describe('a replication policy of one’s own', () => {
  test('is found beside the file that names it, configured, and knows its copies', async () => {
    Object.assign(process.env, { EAST: '127.0.0.1:9092', WEST: '127.0.0.1:9093' })
    const plugins = new PluginRegistry().loader([policyFolder])
    const file = await readMirrorFile(join(policyFolder, 'mirror.properties'), {
      clusters: [],
      injector: createInjector(),
      plugins,
    })
    const policy = file.flows[0]!.injector.resolve(REPLICATION_POLICY)
    assert.equal(policy.constructor.name, 'SuffixPolicy')
    const copy = policy.formatRemoteTopic('east', 'orders')
    assert.equal(copy, 'orders-copied-from-east')
    assert.deepEqual([policy.topicSource(copy), policy.upstreamTopic(copy)], ['east', 'orders'])
    assert.equal(policy.topicSource('orders'), null)
    assert.equal(policy.originalTopic(policy.formatRemoteTopic('west', copy)), 'orders')
  })
})
