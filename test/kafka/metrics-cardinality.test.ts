import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { ObservedMirrors } from './observed-mirrors.ts'
import { type Scrape, scraped } from './scrape.ts'

const PARTITIONS = 10
const SERIES_OF_ONE = 20
const LIMIT = 20_000
const mirrors = new ObservedMirrors()
let source: KafkaCluster
let target: KafkaCluster
let bridge: Bridge

before(async () => {
  ;[source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  await bridge.createTopic(source, 'many', { partitions: PARTITIONS })
  const small = Array.from({ length: 100 }, (_, i) => ({ partition: i % PARTITIONS, value: `small ${i}` }))
  await bridge.produce(source, 'many', small)
  await bridge.produce(source, 'many', [{ partition: 7, value: 'x'.repeat(2 * LIMIT) }])
})

after(async () => {
  await mirrors.end()
  mirrors.files.remove()
  await Promise.all([bridge?.close(), source?.stop(), target?.stop()])
})

interface Expected {
  readonly alias: string
  readonly settings: Readonly<Record<string, string>>
  /** Numbers of the partitions with series of their own. */
  readonly shown: readonly number[]
}

const all = Array.from({ length: PARTITIONS }, (_, i) => i)
const cases: readonly Expected[] = [
  { alias: 'all', settings: {}, shown: all },
  { alias: 'troubled', settings: { 'isthmus.metrics.partitions': 'troubled' }, shown: [7] },
  { alias: 'none', settings: { 'isthmus.metrics.partitions': 'none' }, shown: [] },
  { alias: 'some', settings: { 'isthmus.metrics.partitions.max': '4' }, shown: [0, 1, 2, 7] },
]

const numbersOf = (shown: Scrape, name: string, label: string): readonly number[] =>
  shown
    .all(name)
    .map(({ labels }) => Number(/\d+$/.exec(labels[label] ?? '')?.[0]))
    .sort((a, b) => a - b)

for (const { alias, settings, shown } of cases) {
  test(`of ten partitions, one of them FAILED, a mirror whose setting is ${alias} shows ${shown.length}, and counts them all`, async () => {
    await bridge.createTopic(target, `${alias}.many`, { partitions: PARTITIONS, config: { 'max.message.bytes': `${LIMIT}` } })
    const { url } = await mirrors.start(alias, [source, target], {
      'A->B.topics': 'many',
      'sync.topic.configs.enabled': 'false',
      ...settings,
    })
    const main = { connector: 'MirrorSourceConnector' }
    const answer = await scraped(
      url,
      'all copied but for a partition that is FAILED',
      one =>
        one.value('isthmus_partitions', { ...main, state: 'FAILED' }) === 1 && one.value('isthmus_flow_records_total') === 100,
    )
    assert.equal(answer.sum('isthmus_partitions', main), PARTITIONS)
    assert.equal(answer.value('isthmus_flow_partitions'), PARTITIONS)
    assert.equal(answer.value('isthmus_partitions_omitted', { flow: `${alias}->B` }), PARTITIONS - shown.length)
    assert.deepEqual(numbersOf(answer, 'isthmus_partition_records_total', 'partition'), shown)
    assert.deepEqual(numbersOf(answer, 'kafka_connect_mirror_mirrorsourceconnector_record_count', 'partition'), shown)
    const own = answer.samples.filter(({ name }) => /^isthmus_partition_(?!trouble)|_mirrorsourceconnector_/.test(name))
    assert.ok(own.length <= shown.length * SERIES_OF_ONE, `${own.length} series of ${shown.length} partitions`)
    const trouble = shown.includes(7) ? [{ partition: 'many-7', state: 'FAILED' }] : []
    assert.deepEqual(
      answer.all('isthmus_partition_trouble').map(({ labels: { partition, state } }) => ({ partition, state })),
      trouble,
    )
    await mirrors.end()
  })
}
