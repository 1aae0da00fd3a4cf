import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { type KafkaCluster, startCluster } from '../kafka-tool/index.ts'
import { Cli, type CliResult, runCli, tempFiles } from './cli-process.ts'

const files = tempFiles()
let clusters: Readonly<Record<'plaintext' | 'ssl' | 'sasl', KafkaCluster>>

before(async () => {
  const [plaintext, ssl, sasl] = await Promise.all([
    startCluster({ name: 'cli-plaintext' }),
    startCluster({ name: 'cli-ssl', security: 'SSL' }),
    startCluster({ name: 'cli-sasl', security: 'SASL_PLAINTEXT' }),
  ])
  clusters = { plaintext, ssl, sasl }
})

after(async () => {
  files.remove()
  await Promise.all(Object.values(clusters ?? {}).map(cluster => cluster.stop()))
})

const GOOD = {
  clusters: 'A, B',
  'A.bootstrap.servers': '127.0.0.1:1',
  'B.bootstrap.servers': '127.0.0.1:2',
  'A->B.enabled': 'true',
}

let written = 0

/** Writes a file: a good one with changes; null = without that line. Returns its path. */
function file(changes: Readonly<Record<string, string | null>>): string {
  const lines = Object.entries({ ...GOOD, ...changes }).flatMap(([key, value]) => (value === null ? [] : [`${key} = ${value}`]))
  return files.write(`mm2-${++written}.properties`, lines.join('\n'))
}

/** Lines on standard error that are not log lines. */
const said = ({ stderr }: CliResult): string[] => stderr.split('\n').filter(line => line !== '' && !line.startsWith('{'))

function assertRefused(result: CliResult, code: number, ...expected: readonly RegExp[]): void {
  const lines = said(result)
  assert.equal(result.code, code, result.stderr)
  assert.equal(lines.length, expected.length, lines.join('\n'))
  for (const pattern of expected)
    assert.ok(
      lines.some(line => pattern.test(line)),
      `${pattern}\n${lines.join('\n')}`,
    )
  assert.doesNotMatch(result.stderr, /^\s+at .*:\d+/m)
}

const MORE = /^isthmus mirror --help tells more$/m

test('a command line that makes no sense', async () => {
  assertRefused(await runCli('mirror'), 1, /missing required argument 'file'/, MORE)
  assertRefused(await runCli('mirror', 'x', '--no-such'), 1, /unknown option '--no-such'/, MORE)
  assertRefused(await runCli('mirrow'), 1, /unknown command 'mirrow'/, /Did you mean mirror/)
  assertRefused(
    await runCli('mirror', file({}), '--log-level', 'loud'),
    1,
    /'--log-level <level>' argument 'loud' is invalid/,
    MORE,
  )
  assertRefused(
    await runCli('mirror', file({}), '--start-timeout', 'soon'),
    1,
    /^--start-timeout = soon: must be a number of seconds/,
  )
})

test('a missing file', async () => {
  assertRefused(await runCli('mirror', 'no-such.properties'), 1, /^no-such\.properties: there is no such file/)
})

test('an unknown cluster in a flow', async () => {
  const path = file({ 'A->C.enabled': 'true' })
  assertRefused(await runCli('mirror', path), 1, /mm2-\d+\.properties: A->C\.enabled = true: .*no cluster C/)
})

test('no flow enabled', async () => {
  assertRefused(await runCli('mirror', file({ 'A->B.enabled': null })), 1, /A->B\.enabled: no flow is enabled/)
})

test('an unknown cluster after --clusters', async () => {
  assertRefused(
    await runCli('mirror', file({}), '--clusters', 'Z'),
    1,
    /^--clusters = Z: the file names no such cluster \(clusters = A, B\)/,
  )
})

test('all problems of a file at once: a bad pattern, a bad number, classes that are not there', async () => {
  const path = file({
    'A->B.topics': 'orders[',
    'tasks.max': 'many',
    'replication.policy.class': 'org.apache.kafka.connect.mirror.IdentityReplicationPolice',
    'A->B.topic.filter.class': './no-such-filter.js',
  })
  assertRefused(
    await runCli('mirror', path),
    1,
    /: A->B\.topics = orders\[: /,
    /: tasks\.max = many: must be a whole number/,
    /: replication\.policy\.class = org.*Police: .*did you mean org\.apache\.kafka\.connect\.mirror\.IdentityReplicationPolicy\?/,
    /: A->B\.topic\.filter\.class = \.\/no-such-filter\.js: there is no file/,
  )
})

test('a policy class without what a policy needs, found beside the file', async () => {
  files.write('half-policy.mjs', 'export class HalfPolicy { formatRemoteTopic(alias, topic) { return topic } }')
  const result = await runCli('mirror', file({ 'replication.policy.class': './half-policy.mjs' }))
  assertRefused(
    result,
    1,
    /replication\.policy\.class = \.\/half-policy\.mjs: HalfPolicy has no method topicSource, .* is not a replication policy/,
  )
})

test('a stack trace is shown to those who ask for it', async () => {
  files.write('throws.mjs', 'throw new Error("no luck")')
  const result = await runCli('mirror', file({ 'replication.policy.class': './throws.mjs' }), '--verbose')
  assert.equal(result.code, 1)
  assert.match(result.stderr, /caused by: Error: no luck\n {4}at .*throws\.mjs/)
})

test('--check tells what would be copied, and connects to nothing', async () => {
  const result = await runCli('mirror', file({ 'A->B.topics': 'orders', 'tusks.max': '3' }), '--check')
  assert.equal(result.code, 0)
  assert.match(result.stdout, /^A->B: topics = orders; .*\nB->A: heartbeats only, to A; .*\nNo problems, 1 warning\.\n$/)
  assert.match(result.stderr, /: warning: tusks\.max = 3: .*tasks\.max/)
})

test('bootstrap servers that cannot be reached', async () => {
  const path = file({
    'B.bootstrap.servers': clusters.plaintext.bootstrapServers,
    'offset.storage.replication.factor': '1',
  })
  const result = await runCli('mirror', path, '--start-timeout', '1')
  assertRefused(
    result,
    3,
    /: A\.bootstrap\.servers = 127\.0\.0\.1:1: no broker of cluster A could be used within 1 s .*ECONNREFUSED/,
  )
})

test('a bootstrap server that takes the connection and says nothing', async t => {
  const server = createServer(socket => t.after(() => socket.destroy()))
  t.after(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const path = file({
    'A.bootstrap.servers': `127.0.0.1:${(server.address() as AddressInfo).port}`,
    'B.bootstrap.servers': clusters.plaintext.bootstrapServers,
    'offset.storage.replication.factor': '1',
  })
  const result = await runCli('mirror', path, '--start-timeout', '1')
  assertRefused(result, 3, /: A\.bootstrap\.servers = .*: no broker of cluster A .* have not answered yet/)
})

test('one flow that cannot reach its cluster does not end the others', async () => {
  const { bootstrapServers } = clusters.plaintext
  const path = file({
    clusters: 'A, B, C',
    'A.bootstrap.servers': bootstrapServers,
    'B.bootstrap.servers': bootstrapServers,
    'C.bootstrap.servers': '127.0.0.1:1',
    'A->C.enabled': 'true',
    'offset.storage.replication.factor': '1',
    'A->B.topics': 'none-such',
  })
  const cli = new Cli(['mirror', path, '--start-timeout', '5', '--summary-interval', '1'])
  await cli.logged(/^Flow A->B: RUNNING/)
  await cli.logged(/^Flow A->C: RETRYING: no broker of 127\.0\.0\.1:1/)
  await cli.logged(/none-such matches no topic of cluster A/)
  await cli.logged(/^A->C: RETRYING.*: no broker/)
  cli.signal('SIGTERM')
  assert.equal((await cli.ended).code, 0)
})

test('TLS spoken to a listener without it', async () => {
  const { bootstrapServers } = clusters.plaintext
  const path = file({
    'A.bootstrap.servers': bootstrapServers,
    'B.bootstrap.servers': bootstrapServers,
    'B.security.protocol': 'SSL',
  })
  assertRefused(
    await runCli('mirror', path, '--start-timeout', '2'),
    3,
    /: B\.(security\.protocol = SSL|bootstrap.servers = .*B\.security\.protocol = SSL)/,
  )
})

test('no TLS spoken to a listener that wants it', async () => {
  const path = file({
    'A.bootstrap.servers': clusters.plaintext.bootstrapServers,
    'B.bootstrap.servers': clusters.ssl.bootstrapServers,
  })
  assertRefused(
    await runCli('mirror', path, '--start-timeout', '2'),
    3,
    /: B\.bootstrap\.servers = .*\(B\.security\.protocol = PLAINTEXT\)/,
  )
})

test('TLS with a certificate that is not trusted ends at once', async () => {
  const path = file({
    'A.bootstrap.servers': clusters.plaintext.bootstrapServers,
    'B.bootstrap.servers': clusters.ssl.bootstrapServers,
    'B.security.protocol': 'SSL',
  })
  const beganAt = Date.now()
  assertRefused(await runCli('mirror', path), 3, /: B\.security\.protocol = SSL: cluster B cannot be used so: .*TLS failed/)
  assert.ok(Date.now() - beganAt < 10_000)
})

test('no credentials for a listener that wants them', async () => {
  const path = file({
    'A.bootstrap.servers': clusters.plaintext.bootstrapServers,
    'B.bootstrap.servers': clusters.sasl.bootstrapServers,
  })
  assertRefused(
    await runCli('mirror', path, '--start-timeout', '2'),
    3,
    /: B\.bootstrap\.servers = .*\(B\.security\.protocol = PLAINTEXT\)/,
  )
})

test('a wrong password ends at once, and is not shown', async () => {
  const path = file({
    'A.bootstrap.servers': clusters.plaintext.bootstrapServers,
    'B.bootstrap.servers': clusters.sasl.bootstrapServers,
    'B.security.protocol': 'SASL_PLAINTEXT',
    'B.sasl.mechanism': 'PLAIN',
    'B.sasl.jaas.config':
      'org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="guess-42";',
  })
  const beganAt = Date.now()
  const result = await runCli('mirror', path)
  assertRefused(result, 3, /: B\.sasl\.mechanism = PLAIN: cluster B cannot be used so: .*refused the credentials/)
  assert.ok(Date.now() - beganAt < 10_000)
  assert.doesNotMatch(result.stderr, /guess-42/)
})

test('more replicas of the offsets topic than there are brokers', async () => {
  const { bootstrapServers } = clusters.plaintext
  const path = file({
    clusters: 'X, B',
    'X->B.enabled': 'true',
    'A->B.enabled': null,
    'X.bootstrap.servers': bootstrapServers,
    'B.bootstrap.servers': bootstrapServers,
    'A.bootstrap.servers': null,
  })
  const result = await runCli('mirror', path)
  assert.equal(result.code, 1, result.stderr)
  assert.match(result.stderr, /Flow X->B: FAILED: offset\.storage\.replication\.factor = 3: .*cluster B has fewer brokers/)
})
