import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { Cli } from './cli-process.ts'
import { modules } from './connect-modules.ts'

describe('isthmus connect standalone', () => {
  let cluster: KafkaCluster
  let bridge: Bridge
  let folder = ''

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'connect-standalone-'))
    symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'))
    for (const [name, text] of Object.entries(modules)) file(`${name}.mjs`, text)
    ;[cluster, bridge] = await Promise.all([startCluster(), startBridge()])
  })
  after(async () => {
    Cli.killAll()
    await Promise.all([bridge?.close(), cluster?.stop()])
    rmSync(folder, { recursive: true })
  })

  function file(name: string, text: string): string {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }

  function workerFile(name: string, more = ''): string {
    const text = `bootstrap.servers=${cluster.bootstrapServers}
key.converter=StringConverter
value.converter=org.apache.kafka.connect.json.JsonConverter
value.converter.schemas.enable=false
offset.storage.file.filename=${join(folder, `${name}.offsets.json`)}
offset.flush.interval.ms=100
${more}`
    return file(`${name}.properties`, text)
  }

  async function numbersOf(topic: string): Promise<number[]> {
    const dumped = await bridge.dump(cluster, topic)
    return dumped.map(({ value }) => (JSON.parse(String(value)) as { n: number }).n).sort((a, b) => a - b)
  }

  const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

  test('a source and a sink described by properties and by JSON run until a signal, and go on where they stopped', async () => {
    await bridge.createTopic(cluster, 'numbers', { partitions: 2 })
    const worker = workerFile('plain')
    const counter = (upto: number): string =>
      file('counter.properties', `name=counter\nconnector.class=./counter.mjs\ntopic=numbers\nupto=${upto}\n`)
    const lines = join(folder, 'lines.txt')
    const sink = { name: 'lines', config: { 'connector.class': 'FileStreamSink', topics: 'numbers', file: lines } }
    const sinkFile = file('lines.json', JSON.stringify(sink))
    const linesOf = (): number => (existsSync(lines) ? readFileSync(lines, 'utf8').split('\n').length - 1 : 0)

    for (const count of [1_000, 1_500]) {
      const cli = new Cli(['connect', 'standalone', worker, counter(count), sinkFile], folder)
      await bridge.awaitRecords(cluster, 'numbers', count)
      await awaitTrue(() => linesOf() >= count, `${count} lines in the file`)
      cli.signal('SIGTERM')
      const { code, stderr } = await cli.ended
      assert.equal(code, 0, stderr)
    }
    assert.deepEqual(await numbersOf('numbers'), upTo(1_500))
    const written = readFileSync(lines, 'utf8').trim().split('\n')
    assert.deepEqual(
      written.map(line => (JSON.parse(line) as { n: number }).n).sort((a, b) => a - b),
      upTo(1_500),
    )
  })

  test('offsets kept in a topic are those that the next process goes on from', async () => {
    await bridge.createTopic(cluster, 'by-topic', { partitions: 1 })
    const worker = file(
      'by-topic.properties',
      `bootstrap.servers=${cluster.bootstrapServers}
key.converter=StringConverter
value.converter=JsonConverter
value.converter.schemas.enable=false
offset.storage.topic=my-offsets
offset.storage.replication.factor=1
`,
    )
    for (const count of [200, 300]) {
      const connector = file(
        'by-topic-counter.properties',
        `name=c\nconnector.class=./counter.mjs\ntopic=by-topic\nupto=${count}\n`,
      )
      const cli = new Cli(['connect', 'standalone', worker, connector], folder)
      await bridge.awaitRecords(cluster, 'by-topic', count)
      cli.signal('SIGTERM')
      const { code, stderr } = await cli.ended
      assert.equal(code, 0, stderr)
    }
    assert.deepEqual(await numbersOf('by-topic'), upTo(300))
    assert.deepEqual(String((await bridge.dump(cluster, 'my-offsets'))[0]?.key), '["c",{"counter":"c"}]')
  })

  test('connectors that break their contract are named, and neither block nor kill the others, nor the stop', async () => {
    await bridge.createTopic(cluster, 'good', { partitions: 1 })
    await bridge.createTopic(cluster, 'bad', { partitions: 1 })
    await bridge.produce(cluster, 'bad', [{ value: 'this is no JSON' }])
    const worker = workerFile('contracts', 'task.shutdown.graceful.timeout.ms=1000\n')
    const connector = (name: string, text: string): string => file(`${name}.properties`, `name=${name}\n${text}`)
    const cli = new Cli(
      [
        'connect',
        'standalone',
        worker,
        connector('twice', 'connector.class=./twice.mjs\ntopic=bad\n'),
        connector('endless', 'connector.class=./endless.mjs\ntopic=bad\n'),
        connector('parse', 'connector.class=FileStreamSink\ntopics=bad\nfile=out.txt\n'),
        connector('throws', 'connector.class=./throws.mjs\ntopic=bad\n'),
        connector('other', 'connector.class=./other.mjs\ntopic=bad\n'),
        connector('waits', 'connector.class=./waits.mjs\ntopic=bad\n'),
        connector('good', 'connector.class=./counter.mjs\ntopic=good\nupto=500\n'),
      ],
      folder,
    )
    await bridge.awaitRecords(cluster, 'good', 500)
    await cli.logged(/Task twice-0 .*emitted a batch without a demand: each gets one, empty if need be/)
    const { msg } = await cli.logged(/Task parse-0 failed: Tolerance exceeded in error handler/)
    assert.match(msg, /the value of a record of bad\/0\/0 cannot be converted/)
    assert.match(msg, /errors\.tolerance = all/)
    await cli.logged(
      /throws\.properties is not run: connector\.class = \.\/throws\.mjs: the module fails when it is loaded: no licence/,
    )
    await cli.logged(/other\.properties is not run: .*Other is neither a source nor a sink/)
    await cli.logged(/waits\.properties is not run: .*the module has not finished loading within 10 s/)
    const startedAt = performance.now()
    cli.signal('SIGTERM')
    const { code, stderr } = await cli.ended
    assert.equal(code, 0, stderr)
    assert.ok(performance.now() - startedAt < 5_000, 'the stop took longer than the budget and some')
    assert.deepEqual(await numbersOf('good'), upTo(500))
  })

  test('when everything has failed the command ends by itself, with exit code 4', async () => {
    await bridge.createTopic(cluster, 'alone', { partitions: 1 })
    const connector = file('alone.properties', 'name=alone\nconnector.class=./twice.mjs\ntopic=alone\n')
    const { code, stderr } = await new Cli(['connect', 'standalone', workerFile('alone-worker'), connector], folder).ended
    assert.equal(code, 4, stderr)
  })

  test('what is to be started again by itself is waited for, though nothing else runs', async () => {
    await bridge.createTopic(cluster, 'late', { partitions: 1 })
    const connector = file(
      'late.properties',
      'name=late\nconnector.class=./late.mjs\ntopic=late\nisthmus.restart.max=5\nisthmus.restart.delay.ms=300\n',
    )
    const cli = new Cli(['connect', 'standalone', workerFile('late-worker'), connector], folder)
    await bridge.awaitRecords(cluster, 'late', 100)
    cli.signal('SIGTERM')
    const { code, stderr } = await cli.ended
    assert.equal(code, 0, stderr)
  })

  test('all mistakes of all files are told before anything starts, with exit code 1', async () => {
    const worker = file(
      'wrong-worker.properties',
      'bootstrap.servers=nowhere\nvalue.converter=JsonConvertor\ntopic.creation.enable=2\n',
    )
    const misspelt = file('misspelt.properties', 'name=a\nconnector.class=FileStreamSorce\ntopic=x\n')
    const json = file('cut.json', '{"name": "b", ')
    const { code, stderr } = await new Cli(['connect', 'standalone', worker, misspelt, json], folder).ended
    assert.equal(code, 1)
    for (const line of [
      `${worker}: bootstrap.servers = nowhere: nowhere is not host:port`,
      `${worker}: value.converter = JsonConvertor: is not known here; did you mean JsonConverter?`,
      `${worker}: topic.creation.enable = 2: must be true or false`,
      `${worker}: offset.storage.file.filename: is missing`,
      `${misspelt}: connector.class = FileStreamSorce: is not known here; did you mean FileStreamSource?`,
      `${json}: JSON: the file begins as JSON does and is none`,
    ]) {
      assert.ok(stderr.includes(line), `${line}\nis not among\n${stderr}`)
    }
  })

  test('--check tells what would run and starts nothing', async () => {
    const connector = file('checked.properties', 'name=checked\nconnector.class=./counter.mjs\ntopic=never\ntasks.max=3\n')
    const { code, stdout } = await new Cli(['connect', 'standalone', workerFile('check'), connector, '--check'], folder).ended
    assert.equal(code, 0)
    assert.equal(stdout, 'checked: source ./counter.mjs, tasks.max = 3, RUNNING\n')
    assert.ok(!(await bridge.listTopics(cluster)).includes('never'))
  })
})

async function awaitTrue(condition: () => boolean, what: string, withinMs = 20_000): Promise<void> {
  const endsAt = performance.now() + withinMs
  while (!condition()) {
    assert.ok(performance.now() < endsAt, `no ${what} within ${withinMs} ms`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
