import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ConfigError } from '../../framework/api/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { startMirror } from './dedicated-mirror.ts'

const PACKAGE = 'org.apache.kafka.connect.transforms.'

describe('transforms on a mirror flow', () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge

  before(async () => {
    ;[source, target, bridge] = await Promise.all([startCluster(), startCluster(), startBridge()])
  })
  after(async () => {
    await Promise.all([bridge?.close(), source?.stop(), target?.stop()])
  })

  test('records are changed, dropped and compressed as the file says; others keep their bytes, headers and times', async () => {
    await bridge.createTopic(source, 'orders', { partitions: 2 })
    const sent = Array.from({ length: 300 }, (_, i) => ({
      partition: i % 2,
      key: `k${i}`,
      value: i % 3 === 0 ? null : JSON.stringify({ i, iban: 'secret' }),
      timestamp: 1_700_000_000_000 + i,
      headers: [['trace', `t${i}`]] as [string, string][],
    }))
    await bridge.produce(source, 'orders', sent)
    const mirror = await startMirror({
      source,
      target,
      properties: {
        'A->B.topics': 'orders',
        'A->B.value.converter': 'org.apache.kafka.connect.json.JsonConverter',
        'A->B.value.converter.schemas.enable': 'false',
        'A->B.header.converter': 'StringConverter',
        'A->B.transforms': 'tombstones, mask, mark',
        'A->B.transforms.tombstones.type': `${PACKAGE}Filter`,
        'A->B.transforms.tombstones.predicate': 'isTombstone',
        'A->B.predicates': 'isTombstone',
        'A->B.predicates.isTombstone.type': `${PACKAGE}predicates.RecordIsTombstone`,
        'A->B.transforms.mask.type': `${PACKAGE}MaskField$Value`,
        'A->B.transforms.mask.fields': 'iban',
        'A->B.transforms.mark.type': `${PACKAGE}InsertHeader`,
        'A->B.transforms.mark.header': 'from',
        'A->B.transforms.mark.value.literal': 'A',
        'A->B.producer.override.compression.type': 'lz4',
      },
    })
    try {
      await bridge.awaitRecords(target, 'A.orders', 200)
      await mirror.awaitCaughtUp(2)
    } finally {
      await mirror.stop()
    }
    const arrived = await bridge.dump(target, 'A.orders')
    assert.equal(arrived.length, 200)
    for (const { partition, key, value, timestamp, headers } of arrived) {
      const i = Number(String(key).slice(1))
      assert.deepEqual(JSON.parse(String(value)), { i, iban: '' })
      assert.deepEqual([partition, timestamp], [i % 2, 1_700_000_000_000 + i])
      assert.deepEqual(
        headers.map(([name, content]) => [name, String(content)]),
        [
          ['trace', `t${i}`],
          ['from', 'A'],
        ],
      )
    }
    for (const partition of [0, 1]) {
      const keys = arrived.filter(record => record.partition === partition).map(({ key }) => Number(String(key).slice(1)))
      assert.deepEqual(
        keys,
        [...keys].sort((a, b) => a - b),
      )
      assert.deepEqual([...new Set((await bridge.batches(target, 'A.orders', partition)).map(({ codec }) => codec))], ['lz4'])
    }
  })

  test('a restart goes on after what was dropped, and copies nothing twice', async () => {
    await bridge.createTopic(source, 'dropped', { partitions: 1 })
    const properties = {
      'A->B.topics': 'dropped',
      'A->B.transforms': 'drop',
      'A->B.transforms.drop.type': `${PACKAGE}Filter`,
      'A->B.transforms.drop.predicate': 'marked',
      'A->B.predicates': 'marked',
      'A->B.predicates.marked.type': `${PACKAGE}predicates.HasHeaderKey`,
      'A->B.predicates.marked.name': 'drop',
    }
    const record = (key: string, isDropped: boolean) => ({
      key,
      value: key,
      ...(isDropped ? { headers: [['drop', '1']] as [string, string][] } : {}),
    })
    await bridge.produce(source, 'dropped', [record('a', false), record('b', true), record('c', true)])
    const first = await startMirror({ source, target, properties })
    await bridge.awaitRecords(target, 'A.dropped', 1)
    await first.awaitCaughtUp(1)
    await first.stop()
    await bridge.produce(source, 'dropped', [record('d', true), record('e', false)])
    const second = await startMirror({ source, target, properties })
    await bridge.awaitRecords(target, 'A.dropped', 2)
    await second.awaitCaughtUp(1)
    await second.stop()
    assert.deepEqual(
      (await bridge.dump(target, 'A.dropped')).map(({ key }) => String(key)),
      ['a', 'e'],
    )
  })

  test('a record that cannot be read fails the task or, with errors.tolerance = all, is passed over', async () => {
    await bridge.createTopic(source, 'mixed', { partitions: 1 })
    await bridge.produce(source, 'mixed', [{ value: '{"n":1}' }, { value: 'no JSON' }, { value: '{"n":3}' }])
    const properties = {
      'A->B.topics': 'mixed',
      'A->B.value.converter': 'JsonConverter',
      'A->B.value.converter.schemas.enable': 'false',
      'A->B.transforms': 'mark',
      'A->B.transforms.mark.type': 'InsertField$Value',
      'A->B.transforms.mark.static.field': 'from',
      'A->B.transforms.mark.static.value': 'A',
    }
    const strict = await startMirror({ source, target, properties, orElse: 'RETRYING' })
    await strict.awaitStatus('a task that has failed', ([flow]) => flow?.cause?.includes('Tolerance exceeded') === true)
    await strict.stop()
    const tolerant = await startMirror({ source, target, properties: { ...properties, 'A->B.errors.tolerance': 'all' } })
    await bridge.awaitRecords(target, 'A.mixed', 2)
    await tolerant.awaitCaughtUp(1)
    await tolerant.stop()
    const values = (await bridge.dump(target, 'A.mixed')).map(({ value }) => JSON.parse(String(value)) as object)
    assert.deepEqual(values, [
      { n: 1, from: 'A' },
      { n: 3, from: 'A' },
    ])
  })

  test('mistakes in transforms are told by the names in the file, all at once', async () => {
    const properties = {
      'A->B.topics': 'x',
      'A->B.transforms': 'one, two',
      'A->B.transforms.one.type': 'RegexRuoter',
      'A->B.value.converter': 'JsonConvertor',
    }
    await assert.rejects(startMirror({ source, target, properties }), (error: unknown) => {
      assert.ok(error instanceof ConfigError)
      assert.deepEqual(error.problems.map(({ key }) => key).sort(), [
        'A->B.transforms.one.type',
        'A->B.transforms.two.type',
        'A->B.value.converter',
      ])
      assert.match(error.message, /did you mean RegexRouter\?/)
      return true
    })
  })
})
