import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { heartbeatFormat } from '../../../../../connectors/mirror/formats/index.ts'
import { MirrorHeartbeatTask } from '../../../../../connectors/mirror/heartbeat/index.ts'
import { FlowObservations } from '../../../../../connectors/mirror/observe/index.ts'
import { ConnectError, type SourcePart, type SourceRecord } from '../../../../../framework/api/index.ts'
import { offsetKey } from '../../../../../framework/storage/offset-records.ts'
import { sourceConformance, TaskHarness } from '../../../../../framework/testing/index.ts'

const config = {
  name: 'MirrorHeartbeatConnector',
  'connector.class': 'MirrorHeartbeatConnector',
  'source.cluster.alias': 'A',
  'target.cluster.alias': 'B',
}

const recordOf = (part: SourcePart): SourceRecord => (part.records as readonly SourceRecord[])[0]!

test('a heartbeat after each interval, the first one included', async () => {
  const harness = await TaskHarness.start(new MirrorHeartbeatTask('heartbeats'), {
    config: { ...config, 'emit.heartbeats.interval.seconds': '0' },
  })
  for (let i = 0; i < 2; i++) {
    const askedMs = Date.now()
    const [part, ...more] = (await harness.demand()).parts
    const record = recordOf(part!)
    assert.deepEqual([record.topic, record.partition, more.length], ['heartbeats', 0, 0])
    assert.ok(record.timestamp >= askedMs + 95 && record.timestamp <= Date.now(), 'it is as old as the interval says')
    const stored = { key: record.key, value: record.value, partition: 0, offset: 0 }
    assert.deepEqual(heartbeatFormat.decode('heartbeats', stored), {
      sourceClusterAlias: 'A',
      targetClusterAlias: 'B',
      timestamp: record.timestamp,
    })
  }
  await harness.stop()
})

test('what is stored is byte for byte what MirrorMaker 2 stores', async () => {
  const harness = await TaskHarness.start(new MirrorHeartbeatTask('heartbeats'), {
    config: { ...config, 'emit.heartbeats.interval.seconds': '0' },
  })
  const [part] = (await harness.demand()).parts
  const key = '["MirrorHeartbeatConnector",{"sourceClusterAlias":"A","targetClusterAlias":"B"}]'
  assert.equal(offsetKey('MirrorHeartbeatConnector', part!.sourcePartition).toString(), key)
  assert.equal(JSON.stringify(part!.sourceOffset), '{"offset":0}')
  await harness.stop()
})

test('heartbeats that the target refuses fail the task, which is tried again; that is seen until one arrives', async () => {
  const { runs } = new FlowObservations()
  const task = new MirrorHeartbeatTask('heartbeats', { runs })
  const harness = await TaskHarness.start(task, { config: { ...config, 'emit.heartbeats.interval.seconds': '0' } })
  const [part] = (await harness.demand()).parts
  const refusal = new ConnectError('TOPIC_AUTHORIZATION_FAILED', 'no right to write', { kind: 'partition', stage: 'produce' })
  task.refused(part!.sourcePartition, refusal)
  await assert.rejects(harness.demand(), refusal)
  assert.deepEqual(
    runs.failing().map(({ run, cause }) => [run, cause]),
    [['writing heartbeats', 'no right to write']],
  )
  new MirrorHeartbeatTask('heartbeats', { runs }).acknowledged()
  assert.deepEqual(runs.failing(), [])
})

test('a stop does not wait for the interval', { timeout: 5_000 }, async () => {
  const harness = await TaskHarness.start(new MirrorHeartbeatTask('heartbeats'), {
    config: { ...config, 'emit.heartbeats.interval.seconds': '3600' },
  })
  const asked = harness.demand()
  await harness.stop()
  assert.deepEqual(await asked, { parts: [] })
})

describe('keeps the contract of sources, apart from offsets, which say nothing', () => {
  const suite = sourceConformance({
    create: () => new MirrorHeartbeatTask('heartbeats'),
    config: { ...config, 'emit.heartbeats.interval.seconds': '0' },
    badConfig: { name: 'MirrorHeartbeatConnector' },
    resumes: false,
  })
  for (const { name, run } of suite) test(name, run)
})
