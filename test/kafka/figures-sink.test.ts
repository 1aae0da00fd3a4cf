import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Bridge, type KafkaCluster, type OutgoingRecord, startBridge, startCluster } from '../kafka-tool/index.ts'
import { Cli } from './cli-process.ts'
import { eventually } from './eventually.ts'
import { assertAge, sum, writtenMs } from './independent-counts.ts'
import { loadFor } from './load.ts'
import { type Scrape, scrape, scraped, urlOf } from './scrape.ts'

const ISTHMUS = new URL('../../framework/index.ts', import.meta.url).href
/** Acknowledges nothing while a file is there. */
const GATED = `
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { eachBatch, SinkConnector, SinkTask } from '${ISTHMUS}'

class Task extends SinkTask {
  async start({ config }) { this.gate = config.gate }
  deliver = eachBatch(async batch => {
    while (existsSync(this.gate) && !batch.signal.aborted) await sleep(20)
  })
}

export class Gated extends SinkConnector {
  definition = { gate: { type: 'string', doc: 'a file' } }
  async start({ config }) { this.config = config }
  async taskConfigs() { return [this.config] }
  createTask() { return new Task() }
}
`
const STALE_MS = 4_000
const PARTITIONS = [0, 1, 2]

describe("a sink's figures and what the broker has", { concurrency: false, timeout: 120_000 }, () => {
  let cluster: KafkaCluster
  let bridge: Bridge
  const folder = mkdtempSync(join(tmpdir(), 'figures-sink-'))
  const gate = join(folder, 'closed')

  before(async () => {
    symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'))
    ;[cluster, bridge] = await Promise.all([startCluster(), startBridge()])
  })
  after(async () => {
    Cli.killAll()
    await Promise.all([bridge?.close(), cluster?.stop()])
    rmSync(folder, { recursive: true })
  })

  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }

  async function start(name: string, more = ''): Promise<{ readonly url: string; readonly cli: Cli }> {
    const worker = `bootstrap.servers = ${cluster.bootstrapServers}
key.converter = StringConverter
value.converter = StringConverter
offset.storage.file.filename = ${join(folder, 'offsets.json')}
offset.flush.interval.ms = 100
isthmus.http.listen = 127.0.0.1:0
`
    const sink = `name = ${name}\nconnector.class = ./gated.mjs\ntopics = ${name}\ngate = ${gate}\n${more}`
    file('gated.mjs', GATED)
    const cli = new Cli(['connect', 'standalone', file('worker.properties', worker), file(`${name}.properties`, sink)], folder)
    return { url: await urlOf(cli), cli }
  }

  const total = (shown: Scrape, figure: string, connector: string): number =>
    shown.sum(`kafka_connect_sink_task_sink_record_${figure}`, { connector })
  const lags = (shown: Scrape, connector: string): (number | undefined)[] =>
    PARTITIONS.map(partition =>
      shown.value('isthmus_partition_lag_records', { connector, partition: `${connector}-${partition}` }),
    )

  /** What the group has not committed, by partition. */
  async function groupLags(name: string): Promise<number[]> {
    const [ends, committed] = await Promise.all([bridge.offsets(cluster, name), bridge.groupOffsets(cluster, `connect-${name}`)])
    return ends.map(({ partition, latest }) => latest - (committed.find(one => one.partition === partition)?.offset ?? 0))
  }

  test('records read and acknowledged, bytes, and the lag of its group: in passing, and while it takes nothing', async t => {
    await bridge.createTopic(cluster, 'figures', { partitions: 3 })
    await bridge.produce(cluster, 'figures', records(900, 10))
    const { url, cli } = await start('figures')
    const isThrough = (count: number) => (shown: Scrape) =>
      total(shown, 'send_total', 'figures') === count && lags(shown, 'figures').every(lag => lag === 0)
    const passed = await scraped(url, '900 records through', isThrough(900))
    assert.equal(total(passed, 'read_total', 'figures'), 900)
    assert.equal(total(passed, 'active_count', 'figures'), 0)
    const sizes = await bridge.logSizes(cluster, 'figures')
    assert.equal(passed.sum('isthmus_task_bytes_total', { connector: 'figures' }), sum(sizes))
    for (const partition of PARTITIONS) {
      const own = { connector: 'figures', partition: `figures-${partition}` }
      assert.equal(passed.value('isthmus_partition_records_total', own), 300)
      assert.equal(passed.value('isthmus_partition_bytes_total', own), sizes[partition])
    }
    await eventually(
      'all committed',
      () => groupLags('figures'),
      committed => committed.every(lag => lag === 0),
    )

    file('closed', '')
    await (await loadFor(t, bridge, cluster, 'figures', { partitions: 3, rate: 0, count: 300, valueBytes: 80_000 })).done
    await scraped(url, '300 records wait', shown => sum(lags(shown, 'figures').map(lag => lag ?? 0)) === 300, STALE_MS)
    await bridge.produce(cluster, 'figures', [{ partition: 1, value: 'beyond the window' }])
    const held = await scraped(
      url,
      'the last one waits, too',
      shown => sum(lags(shown, 'figures').map(lag => lag ?? 0)) === 301,
      STALE_MS,
    )
    assert.deepEqual(lags(held, 'figures'), await groupLags('figures'))
    assert.equal(held.value('isthmus_lag_records', { connector: 'figures' }), 301)
    assert.equal(
      total(held, 'read_total', 'figures') - total(held, 'send_total', 'figures'),
      total(held, 'active_count', 'figures'),
    )
    assert.ok(total(held, 'read_total', 'figures') < 1_201, 'the window is full')
    const afterMs = Date.now()
    const told = await scrape(url)
    const beforeMs = Date.now()
    for (const partition of PARTITIONS) {
      const own = { connector: 'figures', partition: `figures-${partition}` }
      const age = told.value('isthmus_partition_oldest_uncopied_age_seconds', own)! * 1000
      assertAge(age, writtenMs(await bridge.batches(cluster, 'figures', partition), 300), [afterMs, beforeMs])
    }
    rmSync(gate)
    await scraped(url, '1201 records through', isThrough(1_201))
    await eventually(
      'all committed',
      () => groupLags('figures'),
      committed => committed.every(lag => lag === 0),
    )

    cli.signal('SIGTERM')
    assert.equal((await cli.ended).code, 0)
    await bridge.produce(cluster, 'figures', records(90, 10))
    const again = await start('figures')
    const resumed = await scraped(again.url, '90 records through', isThrough(90))
    assert.equal(total(resumed, 'read_total', 'figures'), 90, 'a clean stop repeats nothing')
  })

  test('with read_uncommitted what an open transaction holds lags as well', async () => {
    await bridge.createTopic(cluster, 'open', { partitions: 3 })
    await bridge.writeTransactions(cluster, 'open', { partitions: 3, transactions: 10, leaveOpen: true })
    file('closed', '')
    const { url } = await start('open', 'consumer.override.isolation.level = read_uncommitted\n')
    const ends = (await bridge.offsets(cluster, 'open')).map(({ latest }) => latest)
    const shown = await scraped(url, 'all offsets wait', one => sum(lags(one, 'open').map(lag => lag ?? 0)) === sum(ends))
    assert.deepEqual(lags(shown, 'open'), ends)
    rmSync(gate)
    await scraped(url, 'nothing waits', one => lags(one, 'open').every(lag => lag === 0))
  })
})

function records(count: number, valueBytes: number): OutgoingRecord[] {
  return Array.from({ length: count }, (_, i) => ({ partition: i % 3, value: 'x'.repeat(valueBytes) }))
}
