import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ConnectRecord, connectRecord, MemoryOffsetStore } from '../../framework/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { FEED, RunningSource, type RunningSourceOptions } from './running-source.ts'

const TEXT = { 'value.converter': 'StringConverter', 'errors.log.enable': 'true', 'errors.log.include.messages': 'true' }
const TOLERANT = { ...TEXT, 'errors.tolerance': 'all' }
const LARGE = 'x'.repeat(20_000)

const poll =
  (parts: readonly (readonly ConnectRecord[])[]): RunningSourceOptions['poll'] =>
  (n, stored) => {
    const part = parts[stored + 1 + n]
    return part === undefined ? [] : [part]
  }

describe('records that the brokers will never take', { timeout: 120_000 }, () => {
  let kafka: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[kafka, bridge] = await Promise.all([startCluster({ name: 'source-refusals' }), startBridge()])
  })
  after(() => Promise.all([kafka?.stop(), bridge?.close()]))

  const valuesOf = async (topic: string) => (await bridge.dump(kafka, topic)).map(({ value }) => String(value))
  const storedIn = async (store: MemoryOffsetStore) => (await store.load([FEED]))[0]?.at

  test('errors.tolerance=all passes over those alone, in order, counts and logs them, and tells the size and the limit', async () => {
    await bridge.createTopic(kafka, 'picky', { config: { 'cleanup.policy': 'compact', 'max.message.bytes': '10000' } })
    const record = (key: string | null, value: string): ConnectRecord => connectRecord({ topic: 'picky', key, value })
    const parts = Array.from({ length: 40 }, (_, part) =>
      Array.from({ length: 20 }, (_, i) => {
        const at = 20 * part + i
        if (at % 97 === 5) return record(null, `${at} without a key`)
        return record(`k${at}`, at % 101 === 7 ? LARGE : String(at))
      }),
    )
    const all = parts.flat()
    const good = all.filter(({ key, value }) => key !== null && value !== LARGE).map(({ value }) => String(value))
    const bad = all.length - good.length
    const [offsetStore, config] = [new MemoryOffsetStore(), { ...TOLERANT, 'key.converter': 'StringConverter' }]
    const source = new RunningSource(kafka, { name: 'picky', config, offsetStore, poll: poll(parts) })
    await source.acked(parts.length - 1)
    assert.equal(await source.stop(), undefined)
    assert.deepEqual(await valuesOf('picky'), good)
    assert.equal(
      source.task.acks.reduce((sum, { count }) => sum + count, 0),
      good.length,
    )
    assert.equal(await storedIn(offsetStore), parts.length - 1)
    const { failures, errors, skipped, logged } = source.host.recordErrors
    assert.deepEqual([failures, errors, skipped, logged], [bad, bad, bad, bad])
    const said = source.logger.lines.filter(({ level }) => level === 'error').map(({ message }) => message)
    const line =
      "Error encountered in task picky-0. Executing stage 'KAFKA_PRODUCE' with class 'null', where source record is {topic='picky', partition=0}."
    assert.deepEqual(new Set(said), new Set([line]))
    const why = source.logger.lines.map(({ fields }) => String((fields as { error?: Error }).error?.message)).join('\n')
    assert.match(
      why,
      /takes 20\d+ bytes and max\.message\.bytes of the target topic is 10000\. Raise it there\. The record is left out\./,
    )
    assert.match(why, /A compacted topic takes no record without a key: .* The record is left out\./)
  })

  test('a part that holds nothing else is acknowledged as empty', async () => {
    await bridge.createTopic(kafka, 'empty-handed', { config: { 'max.message.bytes': '10000' } })
    const record = (value: string): ConnectRecord => connectRecord({ topic: 'empty-handed', value })
    const parts = [[record(LARGE)], [record('good')], [record(LARGE), record(LARGE)]]
    const source = new RunningSource(kafka, { name: 'empty-handed', config: TOLERANT, poll: poll(parts) })
    await source.acked(2)
    assert.equal(await source.stop(), undefined)
    assert.deepEqual(
      source.task.acks.map(({ count }) => count),
      [0, 1, 0],
    )
    assert.deepEqual(await valuesOf('empty-handed'), ['good'])
  })

  test('without tolerance nothing after the first one is written', async () => {
    await bridge.createTopic(kafka, 'strict', { config: { 'max.message.bytes': '10000' } })
    const record = (value: string): ConnectRecord => connectRecord({ topic: 'strict', value })
    const [offsetStore, parts] = [new MemoryOffsetStore(), [[record('a')], [record(LARGE)], [record('b')]]]
    const source = new RunningSource(kafka, { name: 'strict', config: TEXT, offsetStore, poll: poll(parts) })
    await source.logger.awaitLine(/max\.message\.bytes of the target topic is 10000\. Raise it there, then restart/)
    await source.stop()
    assert.deepEqual(await valuesOf('strict'), ['a'])
    assert.equal(await storedIn(offsetStore), 0)
  })
})
