import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bridge, type KafkaCluster, startBridge, startCluster, startMirrorMaker } from '../kafka-tool/index.ts'
import { Cli, tempFiles } from './cli-process.ts'

const SESSION_TIMEOUT_MS = 6_000
const files = tempFiles()
const processes: Cli[] = []
let source: KafkaCluster
let target: KafkaCluster
let bridge: Bridge

before(async () => {
  ;[source, target, bridge] = await Promise.all([
    startCluster({ name: 'cli-source' }),
    startCluster({ name: 'cli-target' }),
    startBridge(),
  ])
})

afterEach(async () => {
  for (const cli of processes) cli.signal('SIGKILL')
  await Promise.all(processes.splice(0).map(cli => cli.ended))
})

after(async () => {
  files.remove()
  await Promise.all([bridge?.close(), source?.stop(), target?.stop()])
})

/** Properties of a flow `<alias>->B`: an alias of its own keeps a test's group and offsets apart from the others'. */
function properties(
  alias: string,
  topics: string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return {
    clusters: `${alias}, B`,
    [`${alias}.bootstrap.servers`]: source.bootstrapServers,
    'B.bootstrap.servers': target.bootstrapServers,
    [`${alias}->B.enabled`]: 'true',
    [`${alias}->B.topics`]: topics,
    'B.session.timeout.ms': `${SESSION_TIMEOUT_MS}`,
    'B.heartbeat.interval.ms': '1000',
    'replication.factor': '1',
    'emit.heartbeats.enabled': 'false',
    'offset.storage.replication.factor': '1',
    'status.storage.replication.factor': '1',
    'config.storage.replication.factor': '1',
    ...more,
  }
}

function start(file: Readonly<Record<string, string>>, ...args: readonly string[]): Cli {
  const lines = Object.entries(file).map(([key, value]) => `${key} = ${value}`)
  const path = files.write(`mm2-${processes.length}-${file.clusters?.split(',')[0]}.properties`, lines.join('\n'))
  const cli = new Cli(['mirror', path, ...args])
  processes.push(cli)
  return cli
}

async function write(topic: string, count: number): Promise<void> {
  await bridge.produce(
    source,
    topic,
    Array.from({ length: count }, (_, i) => ({ value: `${topic} ${i}` })),
  )
}

test('records are copied; SIGTERM ends the process with 0, and the next one goes on where it stood', async t => {
  await bridge.createTopic(source, 'orders', { partitions: 2 })
  await write('orders', 100)
  const first = start(properties('A', 'orders'), '--summary-interval', '1')
  const beganAt = performance.now()
  assert.equal(await bridge.awaitRecords(target, 'A.orders', 100), 100)
  t.diagnostic(`100 records copied ${Math.round(performance.now() - beganAt)} ms after the start of the process`)
  const summary = await first.logged(/^A->B: RUNNING, 2 partitions, lag 0, .*rec\/s.*MB\/s/)
  assert.deepEqual([summary.flow, summary.state, summary.lagRecords], ['A->B', 'RUNNING', 0])
  first.signal('SIGTERM')
  const ended = await first.ended
  assert.equal(ended.code, 0, ended.stderr)
  await first.logged(/^A->B: 100 records copied/)

  await write('orders', 50)
  const second = start(properties('A', 'orders'))
  assert.equal(await bridge.awaitRecords(target, 'A.orders', 150), 150)
  second.signal('SIGINT')
  assert.equal((await second.ended).code, 0)
  await second.logged(/^A->B: 50 records copied/)
})

test('a second process stands by, says who copies, and takes over at once when that one is stopped', async t => {
  await bridge.createTopic(source, 'relay')
  await write('relay', 10)
  const file = properties('C', 'relay')
  const first = start(file)
  await first.logged(/^Flow C->B: RUNNING/)
  const second = start(file)
  await second.logged(/^Flow C->B: STANDBY: copied by isthmus\/\S+ on \S+, process \d+/)
  await bridge.awaitRecords(target, 'C.relay', 10)
  first.signal('SIGTERM')
  assert.equal((await first.ended).code, 0)
  const leftAt = performance.now()
  await second.logged(/^Flow C->B: RUNNING/)
  const tookMs = performance.now() - leftAt
  t.diagnostic(`took over after ${Math.round(tookMs)} ms`)
  assert.ok(tookMs < SESSION_TIMEOUT_MS / 2, `${tookMs} ms`)
  await write('relay', 5)
  assert.equal(await bridge.awaitRecords(target, 'C.relay', 15), 15)
})

test('a process that dies is replaced within the session timeout', async t => {
  await bridge.createTopic(source, 'heirs')
  await write('heirs', 10)
  const file = properties('D', 'heirs')
  const first = start(file)
  await bridge.awaitRecords(target, 'D.heirs', 10)
  const second = start(file)
  await second.logged(/^Flow D->B: STANDBY/)
  first.signal('SIGKILL')
  await first.ended
  const diedAt = performance.now()
  await second.logged(/^Flow D->B: RUNNING/)
  const tookMs = performance.now() - diedAt
  t.diagnostic(`took over after ${Math.round(tookMs)} ms, session timeout ${SESSION_TIMEOUT_MS} ms`)
  assert.ok(tookMs < SESSION_TIMEOUT_MS + 2_000, `${tookMs} ms`)
  await write('heirs', 5)
  assert.ok((await bridge.awaitRecords(target, 'D.heirs', 15)) >= 15)
})

test('while a Java MirrorMaker 2 runs it is named and nothing is copied; then its offsets are gone on from', async () => {
  await bridge.createTopic(source, 'handover')
  await write('handover', 20)
  const file = properties('E', 'handover')
  const java = await startMirrorMaker({ properties: { ...file, 'offset.flush.interval.ms': '500' } })
  try {
    await bridge.awaitRecords(target, 'E.handover', 20, { timeoutMs: 60_000 })
    const ours = start(file)
    await ours.logged(/^Flow E->B: BLOCKED: a Java MirrorMaker 2 \(client .* at .*\) runs in group E-mm2; nothing is copied/)
    await java.stop()
    await write('handover', 7)
    await ours.logged(/^Flow E->B: RUNNING/, 60_000)
    assert.equal(await bridge.awaitRecords(target, 'E.handover', 27), 27)
    ours.signal('SIGTERM')
    assert.equal((await ours.ended).code, 0)
    const [end] = await bridge.offsets(target, 'E.handover')
    assert.equal(end?.latest, 27)
  } finally {
    await java.kill()
  }
})

test('a policy of one’s own, found beside the file, names the topics', async () => {
  await bridge.createTopic(source, 'named')
  await write('named', 3)
  const policies = new URL('../../policies/index.ts', import.meta.url).href
  files.write(
    'suffix-policy.mjs',
    `import { DefaultReplicationPolicy } from '${policies}'
     export class SuffixPolicy extends DefaultReplicationPolicy {
       formatRemoteTopic(alias, topic) { return topic + '_from_' + alias }
       topicSource(topic) { return topic.split('_from_')[1] ?? null }
       upstreamTopic(topic) { const parts = topic.split('_from_'); return parts.length > 1 ? parts[0] : null }
     }`,
  )
  start(properties('F', 'named', { 'replication.policy.class': './suffix-policy.mjs#SuffixPolicy' }))
  assert.equal(await bridge.awaitRecords(target, 'named_from_F', 3), 3)
})

test('a second signal stops at once what does not come to an end', async () => {
  const lost = await startCluster({ name: 'cli-lost' })
  try {
    await bridge.createTopic(source, 'stuck')
    await write('stuck', 5)
    const file = { 'B.bootstrap.servers': lost.bootstrapServers, 'task.shutdown.graceful.timeout.ms': '60000' }
    const cli = start(properties('G', 'stuck', file))
    await bridge.awaitRecords(lost, 'G.stuck', 5)
    await Promise.all(lost.brokers.map(broker => broker.kill()))
    await write('stuck', 5)
    cli.signal('SIGTERM')
    await cli.logged(/^SIGTERM: finishing what is under way; a second signal stops at once/)
    const ended = await Promise.race([cli.ended, sleep(1_000)])
    assert.equal(ended, undefined, 'it waits for the records on their way')
    cli.signal('SIGTERM')
    assert.equal((await cli.ended).code, 143)
  } finally {
    await lost.stop()
  }
})

test('a target that is away for longer than the session timeout is said to be, and gone on with', {
  timeout: 90_000,
}, async t => {
  const away = await startCluster({ name: 'cli-away' })
  try {
    await bridge.createTopic(source, 'patience', { partitions: 2 })
    await write('patience', 100)
    const cli = start(properties('I', 'patience', { 'B.bootstrap.servers': away.bootstrapServers }))
    await bridge.awaitRecords(away, 'I.patience', 100)
    await cli.logged(/^Flow I->B: RUNNING/)
    await Promise.all(away.brokers.map(broker => broker.kill()))
    await write('patience', 100)
    await cli.logged(/^Flow I->B: RETRYING: no broker of .* can be reached/)
    await Promise.all(away.brokers.map(broker => broker.start()))
    const upAt = performance.now()
    const records = await bridge.awaitRecords(away, 'I.patience', 200)
    t.diagnostic(`${records} records ${Math.round(performance.now() - upAt)} ms after the broker was up again`)
    await cli.logged(/^Member of group I-mm2: joining → active/)
    cli.signal('SIGTERM')
    assert.equal((await cli.ended).code, 0)
    const comparison = await bridge.compare(source, away, 'patience', { targetTopic: 'I.patience' })
    const { missing, altered, reordered, unexpected } = comparison
    assert.deepEqual({ missing, altered, reordered, unexpected }, { missing: 0, altered: 0, reordered: 0, unexpected: 0 })
    t.diagnostic(`${comparison.duplicated} duplicated`)
  } finally {
    await away.stop()
  }
})

test('one key press that reaches the process twice is one signal', async () => {
  const cli = start(properties('H', 'none'))
  await cli.logged(/^Flow H->B: RUNNING/)
  cli.signal('SIGINT')
  cli.signal('SIGINT')
  assert.equal((await cli.ended).code, 0)
})
