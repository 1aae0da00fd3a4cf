import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkMirrorFile } from '../../../../../connectors/mirror/config/check.ts'
import { ConfigError } from '../../../../../framework/api/connect-error.ts'
import { parseProperties } from '../../../../../framework/config/properties.ts'

const SOUND = `
clusters = A, B
A.bootstrap.servers = a:9092
B.bootstrap.servers = b1:9092, b2:9092
A->B.enabled = true
`

const check = (text: string, clusters: readonly string[] = []) =>
  checkMirrorFile(parseProperties(Buffer.from(text)), { clusters, env: { PW: 'geheim' } })

function problems(text: string, clusters: readonly string[] = []): readonly string[] {
  try {
    check(text, clusters)
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n')
    throw error
  }
  return []
}

const warnings = (lines: string): readonly string[] => check(SOUND + lines).warnings.map(w => `${w.key}: ${w.message}`)

describe('a sound file', () => {
  test('gives its flows, and the pairs that only beat', () => {
    const plan = check(`${SOUND}A->B.topics = orders.*\nB.offset.flush.interval.ms = 500\n`)
    assert.deepEqual(plan.warnings, [])
    assert.deepEqual(
      plan.heartbeatFlows.map(f => [f.name, f.worker.groupId]),
      [['B->A', 'B-mm2']],
    )
    const [flow] = plan.flows
    assert.ok(flow && plan.flows.length === 1)
    assert.equal(flow.name, 'A->B')
    assert.deepEqual(flow.sourceConfig.topics, ['orders.*'])
    assert.equal(flow.worker.groupId, 'A-mm2')
    assert.equal(flow.worker.offsetFlushIntervalMs, 500)
    assert.equal(flow.worker.offsetStorageTopic, 'mm2-offsets.A.internal')
    assert.deepEqual(flow.clients.consumer.client.bootstrapServers, ['a:9092'])
    assert.deepEqual(flow.clients.dataProducer.client.bootstrapServers, ['b1:9092', 'b2:9092'])
    assert.equal(flow.clients.dataProducer.client.clientId, 'connector-producer-MirrorSourceConnector-0')
    assert.equal(flow.clients.worker.clientId, 'A->B')
    assert.equal(flow.clients.consumer.reader.isolation, 'read_committed')
    assert.equal(flow.connectors.MirrorCheckpointConnector.name, 'MirrorCheckpointConnector')
  })

  test('writes checkpoints unless it says otherwise, more often than every second where asked to', () => {
    const checkpoints = (lines: string) => check(SOUND + lines).flows[0]?.checkpoints
    assert.equal(checkpoints('')?.['emit.checkpoints.interval.seconds'], 60)
    assert.equal(checkpoints('emit.checkpoints.interval.seconds = 0.25')?.['emit.checkpoints.interval.seconds'], 0.25)
    for (const off of [
      'emit.checkpoints.enabled = false',
      'emit.checkpoints.interval.seconds = -1',
      'emit.offset-syncs.enabled = false',
    ]) {
      assert.equal(checkpoints(off), undefined, off)
    }
    assert.deepEqual(warnings('sync.group.offsets.enabled = true\nA->B.emit.checkpoints.enabled = false'), [
      'sync.group.offsets.enabled: has no effect: offsets of groups are translated only where A->B.emit.checkpoints.enabled is true; set that, or remove this line',
    ])
    assert.match(problems(`${SOUND}groups = billing, (`).join(), /^groups = billing, \(: .*the bracket \( is not closed/)
  })

  test('both ways, and only those chosen', () => {
    const both = `${SOUND}B->A.enabled = true\n`
    assert.deepEqual(
      check(both).flows.map(f => f.name),
      ['A->B', 'B->A'],
    )
    assert.deepEqual(
      check(both, ['A']).flows.map(f => f.name),
      ['B->A'],
    )
  })

  test('heartbeats alone are enough where the file asks for them by name', () => {
    const idle = SOUND.replace('A->B.enabled = true', '')
    const named = (lines: string) => check(idle + lines).heartbeatFlows.map(f => f.name)
    assert.deepEqual(named('A->B.emit.heartbeats.enabled = true'), ['A->B', 'B->A'])
    assert.deepEqual(named('emit.heartbeats.enabled = false\nA->B.emit.heartbeats.enabled = true'), ['A->B'])
    assert.match(problems(idle)[0] ?? '', /no flow is enabled/)
    assert.match(problems(`${idle}emit.heartbeats.enabled = false`)[0] ?? '', /no flow is enabled/)
  })

  test('a flow knows its heartbeats, and that it has none', () => {
    const heartbeats = (lines: string) => check(SOUND + lines).flows[0]?.heartbeats?.['emit.heartbeats.interval.seconds']
    assert.equal(heartbeats('A->B.emit.heartbeats.interval.seconds = 7'), 7)
    assert.equal(heartbeats('A->B.emit.heartbeats.enabled = false'), undefined)
    assert.equal(heartbeats('emit.heartbeats.interval.seconds = -1'), undefined)
    assert.deepEqual(problems(`${SOUND}B->A.emit.heartbeats.interval.seconds = often`), [
      'B->A.emit.heartbeats.interval.seconds = often: must be a whole number of 64 bits, digits only',
    ])
  })

  test('settings of clients come from where MirrorMaker 2 takes them', () => {
    const { clients } = check(`${SOUND}
A.consumer.fetch.min.bytes = 10
A->B.consumer.fetch.max.wait.ms = 20
A.consumer.isolation.level = read_uncommitted
A.consumer.auto.offset.reset = latest
B.producer.max.request.size = 30
A->B.producer.override.acks = 1
B.producer.request.timeout.ms = 40
`).flows[0]!
    assert.equal(clients.consumer.reader.minBytes, 10)
    assert.equal(clients.consumer.reader.maxWaitMs, 20)
    assert.equal(clients.consumer.reader.isolation, 'read_uncommitted')
    assert.equal(clients.consumer.autoOffsetReset, 'latest')
    assert.deepEqual(clients.dataProducer.writer, { acks: 1, timeoutMs: 40, maxRequestBytes: 30 })
  })

  test('variables are resolved for use and kept as written beside', () => {
    const [flow] = check(`${SOUND}
config.providers = env
config.providers.env.class = org.apache.kafka.common.config.provider.EnvVarConfigProvider
B.security.protocol = SASL_PLAINTEXT
B.sasl.mechanism = PLAIN
B.sasl.jaas.config = org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="\${env:PW}";
`).flows
    assert.equal(flow?.clients.dataProducer.client.sasl?.password, 'geheim')
    assert.equal(flow?.clients.worker.sasl?.password, 'geheim')
    assert.equal(flow?.clients.consumer.client.sasl, undefined)
    assert.match(flow?.connectorsAsWritten.MirrorSourceConnector['target.cluster.sasl.jaas.config'] ?? '', /\$\{env:PW\}/)
  })
})

describe('a wrong file', () => {
  test('all its problems come at once, each with the key as written, the value and a remedy', () => {
    const text = `
clusters = prod, backup
prdo->backup.enabled = true
prod->backup.enabled = true
prod->backup.topics = *orders
tasks.max = many
prod.security.protocol = SSLX
backup.bootstrap.servers = backup
backup.session.timeout.ms = 10s
prod.consumer.isolation.level = committed
backup.producer.acks = 0
`
    assert.deepEqual(problems(text), [
      'prdo->backup.enabled = true: clusters = prod, backup names no cluster prdo; did you mean prod?',
      'tasks.max = many: must be a whole number of 32 bits, digits only',
      'prod->backup.topics = *orders: regular expression *orders: * has nothing to repeat at position 0; write .* for any characters or \\* for the character',
      'backup.session.timeout.ms = 10s: must be a whole number of 32 bits, digits only',
      'prod.bootstrap.servers: is missing; name at least one broker as host:port',
      'prod.security.protocol = SSLX: must be one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL',
      'backup.bootstrap.servers = backup: backup is not host:port; write e.g. broker-1:9092',
      'prod.consumer.isolation.level = committed: must be one of read_committed, read_uncommitted',
      'backup.producer.acks = 0: must be one of all, -1, 1',
    ])
  })

  test('no clusters, or one', () => {
    assert.match(problems('A->B.enabled = true')[0] ?? '', /^clusters: is missing; name the clusters, e\.g\. clusters = A, B$/)
    assert.match(problems('clusters = A')[0] ?? '', /^clusters = A: names one cluster only/)
  })

  test('no flow enabled: says which line to add', () => {
    const off = SOUND.replace('A->B.enabled = true', 'A->B.enabled = false')
    assert.deepEqual(problems(off), [
      'A->B.enabled: no flow is enabled, so there is nothing to copy; add the line A->B.enabled = true',
    ])
    assert.deepEqual(problems(SOUND, ['A']), [
      'B->A.enabled: no flow to A is enabled, so there is nothing to copy; add the line B->A.enabled = true',
    ])
  })

  test('an unknown name in --clusters', () => {
    assert.deepEqual(problems(SOUND, ['C']), ['--clusters = C: the file names no such cluster (clusters = A, B); correct it'])
  })

  test('a switch that is neither on nor off; a blank after it is forgiven', () => {
    assert.deepEqual(problems(SOUND.replace('= true', '= yes')), [
      'A->B.enabled = yes: must be true or false',
      'A->B.enabled: no flow is enabled, so there is nothing to copy; add the line A->B.enabled = true',
    ])
    assert.match(check(SOUND.replace('= true', '= true ')).warnings[0]?.message ?? '', /ends in a blank/)
  })

  test('what would change records or lose offsets unseen is refused', () => {
    assert.match(
      problems(`${SOUND}A->B.offsets.storage.topic = x\n`)[0] ?? '',
      /^A->B\.offsets\.storage\.topic = x: an offsets topic per connector/,
    )
  })

  test('passwords are not shown', () => {
    const text = `${SOUND}B.security.protocol = SASL_SSL\nB.sasl.mechanism = PLAIN\nB.sasl.jaas.config = Foo required password="geheim";\n`
    assert.deepEqual(problems(text).length, 1)
    assert.match(problems(text)[0] ?? '', /^B\.sasl\.jaas\.config = \[hidden\]: names Foo/)
  })
})

describe('warnings', () => {
  test('older names are understood; the present name wins', () => {
    const plan = check(
      `${SOUND}topics.blacklist = a\nA->B.groups.blacklist = b\nconfig.properties.blacklist = c\nA->B.topics.blacklist = d\nA->B.topics.exclude = e\nemit.heartbeats = false\n`,
    )
    assert.deepEqual(plan.flows[0]?.sourceConfig['topics.exclude'], ['e'])
    assert.deepEqual(plan.flows[0]?.sourceConfig['config.properties.exclude'], ['c'])
    assert.equal(plan.flows[0]?.connectors.MirrorCheckpointConnector['groups.exclude'], 'b')
    assert.deepEqual(plan.heartbeatFlows, [])
    assert.deepEqual(
      plan.warnings.map(w => `${w.key}: ${w.message}`),
      [
        'topics.blacklist: is an older name of topics.exclude; rename it',
        'config.properties.blacklist: is an older name of config.properties.exclude; rename it',
        'emit.heartbeats: is an older name of emit.heartbeats.enabled; rename it',
        'A->B.topics.blacklist: is ignored, since A->B.topics.exclude is set; remove it',
        'A->B.groups.blacklist: is an older name of A->B.groups.exclude; rename it',
      ],
    )
  })

  test('every line that does nothing is named, with what to write instead', () => {
    const expected: Readonly<Record<string, RegExp>> = {
      'replication.facotr = 1': /is not a known setting and is ignored; did you mean replication\.factor\?/,
      'A->B.topcis = x': /did you mean topics\?/,
      'C.bootstrap.servers = c:1': /clusters names no cluster C/,
      'consumer.fetch.min.bytes = 1': /has no effect without a cluster; write B\.consumer\.fetch\.min\.bytes/,
      'offset.flush.interval.ms = 1': /has no effect without a cluster; write B\.offset\.flush\.interval\.ms/,
      'use.defaults.from = source': /has no effect without a flow; write A->B\.use\.defaults\.from/,
      'A->B.producer.acks = 1':
        /does not reach the producer of records; write B\.producer\.acks or A->B\.producer\.override\.acks/,
      'A->B.target.producer.acks = 1': /does not reach the producer of records/,
      'B.producer.linger.ms = 5': /has no effect here: batches are copied as they are/,
      'B.producer.compression.type = zstd': /with the codec they came in/,
      'A.consumer.max.poll.records = 5': /isthmus\.window\.bytes/,
      'A.consumer.fetch.min.byte = 5': /is not a known consumer setting and is ignored; did you mean fetch\.min\.bytes\?/,
      'A.fetch.min.bytes = 5': /has no effect for a cluster; write A\.consumer\.fetch\.min\.bytes/,
      'A.topics = x': /has no effect for a cluster; write it for a flow/,
      'B.exactly.once.source.support = enabled': /delivery is at least once here/,
      'A->B.exactly.once.support = required': /delivery is at least once here/,
      'use.incremental.alter.configs = never': /has no effect any more/,
      'topics.whitelist = x': /was never a key and has no effect; write topics/,
      'listeners = http://:8083': /has no effect here/,
      'A->A.enabled = true': /a cluster is not copied to itself/,
      'config.providers = vault': /config\.providers\.vault\.class: is missing/,
    }
    for (const [line, pattern] of Object.entries(expected)) {
      const found = warnings(`${line}\n`)
      assert.equal(found.length, 1, `${line} -> ${found.join(' | ')}`)
      assert.match(found[0] ?? '', pattern)
    }
  })

  test('usual lines are not complained about', () => {
    const usual = `
tasks.max = 4
replication.factor = 1
offset.storage.replication.factor = 1
status.storage.replication.factor = 1
config.storage.replication.factor = 1
checkpoints.topic.replication.factor = 1
heartbeats.topic.replication.factor = 1
offset-syncs.topic.replication.factor = 1
emit.heartbeats.interval.seconds = 5
sync.group.offsets.enabled = true
replication.policy.class = org.apache.kafka.connect.mirror.IdentityReplicationPolicy
key.converter = org.apache.kafka.connect.converters.ByteArrayConverter
A->B.use.defaults.from = source
A->B.offset.lag.max = 10
A->B.isthmus.source.gap = fail
isthmus.window.bytes = 33554432
B.offset.flush.interval.ms = 1000
B.group.id = mine
task.shutdown.graceful.timeout.ms = 1000
A.consumer.isolation.level = read_committed
A.admin.request.timeout.ms = 100
`
    assert.deepEqual(warnings(usual), [])
  })

  test('keys of a class of one’s own are left alone', () => {
    assert.deepEqual(warnings('replication.policy.class = ./my-policy.js\nA->B.my.mark = x\n'), [])
  })

  test('a variable that stays unresolved', () => {
    const [warning] = warnings('replication.policy.separator = $' + '{vault:a:b}\n')
    assert.match(
      warning ?? '',
      /^replication\.policy\.separator: the variable .* stays as it is: no config provider is named vault; declare it/,
    )
  })
})
