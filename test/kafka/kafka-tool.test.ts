import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  type Bridge,
  type KafkaCluster,
  runJava,
  SASL_MECHANISMS,
  startBridge,
  startCluster,
  truncateLog,
} from '../kafka-tool/index.ts'
import { identify, isAlive, type ProcessIdentity, waitUntilGone } from '../kafka-tool/process-identity.ts'

const main = fileURLToPath(new URL('../kafka-tool/main.ts', import.meta.url))

describe('clusters of real brokers', () => {
  let bridge: Bridge
  before(async () => {
    bridge = await startBridge()
  })
  after(() => bridge?.close())

  test('a broker killed or stopped comes back with its port and its records', async t => {
    const cluster = await startCluster({ name: 'tool' })
    t.after(() => cluster.stop())
    const [broker] = cluster.brokers as [KafkaCluster['brokers'][0]]
    await bridge.createTopic(cluster, 'kept')
    await bridge.produce(cluster, 'kept', [{ value: 'before the crash' }])
    const { port, pid } = broker
    await broker.kill()
    assert.equal(broker.pid, undefined)
    assert.equal(identify(pid!), undefined)
    await assert.rejects(once(connect(port, '127.0.0.1'), 'connect'), { code: 'ECONNREFUSED' })
    await broker.start()
    await bridge.produce(cluster, 'kept', [{ value: 'after the crash' }])
    await broker.stop()
    await broker.start()
    assert.equal(broker.port, port)
    const values = (await bridge.dump(cluster, 'kept')).map(record => record.value!.toString())
    assert.deepEqual(values, ['before the crash', 'after the crash'])
  })

  test('stop leaves no process and no file', async () => {
    const cluster = await startCluster({ name: 'gone' })
    const pid = cluster.brokers[0]!.pid!
    assert.ok(existsSync(cluster.dir))
    await cluster.stop()
    assert.equal(identify(pid), undefined)
    assert.equal(existsSync(cluster.dir), false)
  })

  test('a log cut while its broker was down ends where it was cut', async t => {
    const cluster = await startCluster({ name: 'cut' })
    t.after(() => cluster.stop())
    const [broker] = cluster.brokers as [KafkaCluster['brokers'][0]]
    await bridge.createTopic(cluster, 'cut')
    const records = Array.from({ length: 10 }, (_, i) => ({ value: `record ${i}` }))
    await bridge.produce(cluster, 'cut', records, { batchBytes: 0 })
    await broker.kill()
    assert.equal(truncateLog(broker, 'cut', 0, 6), 6)
    await broker.start()
    assert.deepEqual(await bridge.offsets(cluster, 'cut'), [{ partition: 0, earliest: 0, latest: 6 }])
    await bridge.produce(cluster, 'cut', [{ value: 'another 6' }])
    assert.equal((await bridge.dump(cluster, 'cut')).at(-1)!.value!.toString(), 'another 6')
  })

  test('three brokers go on without one of them, and a leader can be moved', async t => {
    const cluster = await startCluster({ name: 'three', brokers: 3 })
    t.after(() => cluster.stop())
    const { partitions } = await bridge.createTopic(cluster, 'replicated', { partitions: 3 })
    assert.ok(partitions.every(partition => partition.replicas.length === 3))
    await bridge.moveLeader(cluster, 'replicated', 0, 2)
    assert.equal((await bridge.describeTopic(cluster, 'replicated')).partitions[0]!.leader, 2)
    await cluster.brokers[1]!.kill()
    await bridge.produce(cluster, 'replicated', [{ partition: 0, value: 'to another leader' }])
    await cluster.brokers[1]!.start()
    assert.equal((await bridge.dump(cluster, 'replicated')).length, 1)
  })

  test('TLS and SASL let in the user and nobody else', async t => {
    const cluster = await startCluster({ name: 'secure', security: 'SASL_SSL' })
    t.after(() => cluster.stop())
    const { javaProperties } = cluster.security!
    for (const mechanism of SASL_MECHANISMS) {
      const plain = javaProperties['sasl.jaas.config']!
      const jaas = mechanism === 'PLAIN' ? plain : plain.replace('plain.PlainLoginModule', 'scram.ScramLoginModule')
      const properties = { ...javaProperties, 'sasl.mechanism': mechanism, 'sasl.jaas.config': jaas }
      const target = { bootstrapServers: cluster.bootstrapServers, javaProperties: properties }
      assert.deepEqual((await bridge.describeCluster(target)).brokers, [1])
      const wrong = { ...properties, 'sasl.jaas.config': jaas.replace('admin-secret', 'guess') }
      const refused = bridge.describeCluster({ ...target, javaProperties: wrong })
      await assert.rejects(refused, { javaClass: 'SaslAuthenticationException' })
    }
    assert.deepEqual((await bridge.describeCluster(cluster.internalBootstrapServers)).brokers, [1])
  })

  test('an older Kafka serves too', async t => {
    const cluster = await startCluster({ name: 'older', version: '3.9.1' })
    t.after(() => cluster.stop())
    await bridge.createTopic(cluster, 'old')
    assert.ok((await bridge.writeShapes(cluster, 'old')) > 0)
  })

  test('brokers end with the process that started them, even one that is killed', async () => {
    const program = `
      const { startCluster } = await import(${JSON.stringify(new URL('../kafka-tool/index.ts', import.meta.url).href)})
      const cluster = await startCluster({ name: 'orphan' })
      console.log(JSON.stringify({ pid: cluster.brokers[0].pid, dir: cluster.dir }))
      setInterval(() => undefined, 1000)`
    const owner = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(owner.stdout, 'data')) as [Buffer]
    const { pid, dir } = JSON.parse(line.toString()) as { pid: number; dir: string }
    const broker = identify(pid) as ProcessIdentity
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    assert.ok(await waitUntilGone(broker, 5_000))
    const next = await startCluster({ name: 'sweeper' })
    assert.equal(existsSync(dir), false)
    await next.stop()
  })

  test('a program on Kafka’s class path is run to its end', async () => {
    const result = await runJava({ mainClass: 'kafka.tools.StorageTool', args: ['random-uuid'] })
    assert.equal(result.code, 0)
    assert.match(result.stdout, /^[\w-]{22}\n$/)
  })
})

describe('npm run kafka', () => {
  test('clusters stay up between commands', async () => {
    const name = `cli-${process.pid}`
    const started = await kafka('start', name)
    assert.equal(started.code, 0, started.stderr)
    const pid = Number(/pid (\d+)/.exec(started.stdout)![1])
    const broker = identify(pid)!
    assert.match((await kafka('start', name)).stderr, /exists already/)
    await kafka('kill', name, '1')
    assert.equal(isAlive(broker), false)
    assert.match((await kafka('status')).stdout, new RegExp(`${name}: 127.0.0.1:\\d+.*\\n  broker 1: port \\d+, down`))
    assert.equal((await kafka('restart', name, '1')).code, 0)
    assert.equal((await kafka('stop', name)).code, 0)
    assert.doesNotMatch((await kafka('status')).stdout, new RegExp(name))
  })

  test('says in one line what is missing or wrong', async () => {
    const noJava = await kafkaWith({ PATH: '', JAVA_HOME: '' }, 'start', 'x')
    assert.deepEqual([noJava.code, noJava.stderr.trim().split('\n').length], [1, 1])
    assert.match(noJava.stderr, /install a JDK 17/)
    const unknown = await kafka('kill', 'nobody', '1')
    assert.deepEqual([unknown.code, unknown.stderr.trim().split('\n').length], [1, 1])
    assert.match(unknown.stderr, /No cluster nobody/)
  })
})

function kafka(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return kafkaWith({}, ...args)
}

async function kafkaWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes.toString()
  })
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString()
  })
  const [code] = (await once(child, 'close')) as [number]
  return { code, stdout, stderr }
}
