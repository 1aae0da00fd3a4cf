import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { formatProperties } from '../kafka-tool/server-properties.ts'
import { ObservedMirrors } from './observed-mirrors.ts'
import { type Scrape, scraped } from './scrape.ts'

const mirrors = new ObservedMirrors()
let source: KafkaCluster
let target: KafkaCluster
let bridge: Bridge

before(async () => {
  ;[source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
})

afterEach(() => mirrors.end())

after(async () => {
  mirrors.files.remove()
  await Promise.all([bridge?.close(), source?.stop(), target?.stop()])
})

const lines = (count: number) => Array.from({ length: count }, (_, i) => ({ value: `line ${i}` }))
const isRecent = (seconds: number | undefined): boolean => Math.abs(Date.now() / 1000 - (seconds ?? 0)) < 30

test('a standby that joins is a rebalance of the mirror that copies, counted, timed and dated', async () => {
  await bridge.createTopic(source, 'orders')
  await bridge.produce(source, 'orders', lines(100))
  const settings = { 'A->B.topics': 'orders' }
  const { url } = await mirrors.start('rebalanced', [source, target], settings)
  const completed = 'kafka_connect_worker_rebalance_completed_rebalances_total'
  const first = await scraped(url, '100 records', one => one.value('isthmus_flow_records_total') === 100)
  const before = first.value(completed)!
  assert.ok(before >= 1)
  const generation = first.value('kafka_connect_worker_rebalance_epoch')!
  const tookBefore = first.value('isthmus_flow_rebalance_seconds_total')!
  const standby = await mirrors.start('rebalanced', [source, target], settings)
  await scraped(standby.url, 'a standby', one => one.value('isthmus_flow_state', { state: 'standby' }) === 1)
  const then = await scraped(url, 'another rebalance', one => one.value(completed)! > before)
  assert.equal(then.value('kafka_connect_worker_rebalance_rebalancing'), 0)
  assert.ok(then.value('kafka_connect_worker_rebalance_epoch')! > generation)
  assert.ok(then.value('kafka_connect_worker_rebalance_rebalance_max_time_ms')! > 0)
  assert.ok(then.value('isthmus_flow_rebalance_seconds_total')! > tookBefore)
  assert.ok(then.value('isthmus_flow_last_rebalance_seconds')! > 0)
  assert.ok(isRecent(then.value('isthmus_flow_last_rebalance_timestamp_seconds')))
  assert.equal(then.value('isthmus_flow_state', { state: 'running' }), 1, 'it copies all the while')
})

test('groups of the target are counted by whether they were set, are in use there, or are ahead', async () => {
  await bridge.createTopic(source, 'paid')
  await bridge.produce(source, 'paid', lines(100))
  await bridge.createTopic(target, 'synced.paid')
  for (const group of ['free', 'busy', 'ahead']) {
    await bridge.alterGroupOffsets(source, group, [{ topic: 'paid', partition: 0, offset: 50 }])
  }
  await bridge.alterGroupOffsets(target, 'ahead', [{ topic: 'synced.paid', partition: 0, offset: 0 }])
  const { url } = await mirrors.start('synced', [source, target], { 'A->B.topics': 'paid', 'A->B.groups': 'none' })
  await scraped(url, '100 records', one => one.value('isthmus_flow_records_total') === 100)
  await mirrors.stop()
  await bridge.alterGroupOffsets(target, 'ahead', [{ topic: 'synced.paid', partition: 0, offset: 80 }])
  const busy = bridge.consume(target, { group: 'busy', topics: ['synced.paid'] })
  try {
    await busy.awaitRecords(100)
    const again = await mirrors.start('synced', [source, target], {
      'A->B.topics': 'paid',
      'A->B.groups': 'free, busy, ahead',
      'sync.group.offsets.enabled': 'true',
      'sync.group.offsets.interval.seconds': '1',
    })
    const skipped = (one: Scrape, reason: string) => one.value('isthmus_flow_group_sync_groups_skipped', { reason })
    const answer = await scraped(
      again.url,
      'one group set, one in use, one ahead',
      one =>
        one.value('isthmus_flow_group_sync_groups_set_total') === 1 &&
        skipped(one, 'in_use') === 1 &&
        skipped(one, 'ahead') === 1,
    )
    const set = answer.value('isthmus_flow_group_sync_groups_set_total')
    assert.equal(answer.value('isthmus_flow_group_sync_offsets_set_total'), set, 'one offset each time')
    assert.equal(answer.value('isthmus_flow_group_sync_groups_refused_total'), 0)
    assert.equal(skipped(answer, 'past_end'), 0)
    assert.ok(isRecent(answer.value('isthmus_flow_group_sync_last_run_timestamp_seconds')))
    const runs = answer.value('isthmus_flow_group_sync_runs_total')!
    await scraped(again.url, 'further runs', one => one.value('isthmus_flow_group_sync_runs_total')! > runs)
  } finally {
    await busy.stop()
  }
})

test('a worker tells of its starts, of the time of its tasks, and of polls, puts, commits and rebalances of its sink', async () => {
  const { folder } = mirrors.files
  await bridge.createTopic(source, 'lines')
  mirrors.files.write('in.txt', Array.from({ length: 250 }, (_, i) => `line ${i}\n`).join(''))
  const worker = (offsets: string): Readonly<Record<string, string>> => ({
    'bootstrap.servers': source.bootstrapServers,
    'key.converter': 'StringConverter',
    'value.converter': 'StringConverter',
    'offset.storage.file.filename': `${folder}/${offsets}.json`,
    'offset.flush.interval.ms': '200',
    'isthmus.http.listen': '127.0.0.1:0',
  })
  const write = (name: string, properties: Readonly<Record<string, string>>): string =>
    mirrors.files.write(`${name}.properties`, formatProperties(properties))
  const reader = write('in', { name: 'in', 'connector.class': 'FileStreamSource', file: `${folder}/in.txt`, topic: 'lines' })
  const writer = write('out', { name: 'out', 'connector.class': 'FileStreamSink', file: `${folder}/out.txt`, topics: 'lines' })
  const { url } = await mirrors.run('connect', 'standalone', write('worker', worker('one')), reader, writer)
  const [of, to] = [
    { connector: 'in', task: '0' },
    { connector: 'out', task: '0' },
  ]
  const commits = 'kafka_connect_sink_task_offset_commit_completion_total'
  const answer = await scraped(
    url,
    'all lines through, and committed',
    one => one.value('kafka_connect_sink_task_sink_record_send_total', to) === 250 && one.value(commits, to)! >= 1,
  )
  for (const what of ['connector', 'task']) {
    const counts = ['attempts_total', 'success_total', 'failure_total', 'success_percentage', 'failure_percentage'].map(name =>
      answer.value(`kafka_connect_worker_${what}_startup_${name}`),
    )
    assert.deepEqual(counts, [2, 2, 0, 1, 0], what)
  }
  for (const task of [of, to]) {
    const running = answer.value('kafka_connect_connector_task_running_ratio', task)!
    assert.ok(running > 0 && running < 1, `${running}`)
    assert.equal(answer.value('kafka_connect_connector_task_pause_ratio', task), 0)
    assert.equal(answer.value('kafka_connect_connector_task_offset_commit_success_percentage', task), 1)
    assert.equal(answer.value('kafka_connect_connector_task_offset_commit_failure_percentage', task), 0)
    const [mean, max] = ['avg', 'max'].map(
      which => answer.value(`kafka_connect_connector_task_offset_commit_${which}_time_ms`, task)!,
    )
    assert.ok(mean! > 0 && max! >= mean!)
  }
  assert.ok(answer.value('kafka_connect_source_task_poll_batch_max_time_ms', of)! >= 0)
  assert.ok(answer.value('kafka_connect_sink_task_put_batch_max_time_ms', to)! >= 0)
  assert.ok(answer.value('kafka_connect_source_task_source_record_active_count_max', of)! > 0)
  assert.ok(answer.value('kafka_connect_sink_task_sink_record_active_count_max', to)! > 0)
  assert.equal(answer.value('kafka_connect_sink_task_offset_commit_seq_no', to), answer.value(commits, to))
  assert.equal(answer.value('kafka_connect_connector_connector_class', { connector: 'out' }), 1)
  assert.equal(answer.all('kafka_connect_connector_connector_class', { connector_class: 'FileStreamSink' }).length, 1)
  const stages = (task: typeof of) =>
    answer.all('isthmus_task_stage_seconds_count', task).map(({ labels, value }) => [labels.stage, value > 0])
  const seen = (last: string) => ['fetch', 'wait', 'transform', last, 'commit'].map(stage => [stage, true])
  assert.deepEqual(stages(of), seen('produce'))
  assert.deepEqual(stages(to), seen('deliver'))
  await scraped(url, 'no lag', one => one.value('kafka_connect_sink_task_sink_record_lag_max', to) === 0)

  assert.equal(answer.value('isthmus_task_rebalances_total', to), 1)
  await mirrors.run('connect', 'standalone', write('worker2', worker('two')), writer)
  const then = await scraped(url, 'a second member', one => one.value('isthmus_task_rebalances_total', to)! > 1)
  assert.ok(then.value('isthmus_task_rebalance_seconds_total', to)! > answer.value('isthmus_task_rebalance_seconds_total', to)!)
  assert.ok(isRecent(then.value('isthmus_task_last_rebalance_timestamp_seconds', to)))
  await scraped(url, 'no rebalance under way', one => one.value('isthmus_task_rebalancing', to) === 0)
})
