import type { ConnectRecord, SourcePart, SourceRecord } from '../../api/index.ts'
import { partitionKey } from '../../storage/partition-key.ts'
import { listOf } from '../harness-records.ts'
import { broken, settle } from './conformance-test.ts'
import { type SourceScene, textsOf } from './source-scene.ts'

const AT_ONCE = 5
const QUIET_MS = 100

export async function oneBatch(scene: SourceScene): Promise<void> {
  const run = await scene.start()
  const { harness, task } = run
  await scene.produce(AT_ONCE)
  await settle()
  if (task.answers > 0) broken('The task emitted a batch before anything was demanded')
  await scene.produce(1)
  await harness.demand()
  await settle()
  if (task.answers > 1) broken(`The task emitted ${task.answers} batches for 1 demand`)
  for (let i = 0; i < AT_ONCE; i++) void harness.demand()
  await settle()
  if (task.answers > task.demands) broken(`The task emitted ${task.answers} batches for ${task.demands} demands`)
  await scene.stop(run)
  if (task.answers === task.demands) return
  broken(
    `Of ${task.demands} demands ${task.answers} were answered when the stream completed, ${AT_ONCE} of them outstanding at the same time`,
  )
}

export async function subscribesOnce(scene: SourceScene): Promise<void> {
  const run = await scene.start()
  await settle()
  const { subscriptions } = run.task
  if (subscriptions > 1) broken(`The task subscribed to demand$ ${subscriptions} times`)
  await scene.stop(run)
}

export async function endsLongPolls(scene: SourceScene): Promise<void> {
  const run = await scene.start()
  const { harness } = run
  if (scene.hasEnd) await scene.read(run, 1)
  const asked = [harness.demand(), harness.demand()]
  await settle()
  harness.pause()
  const answered = Promise.all(asked)
  await scene.prompt(answered, 'Demands were not answered when their signal was aborted')
  const parts = await scene.read(run, 1)
  if (textsOf(parts).length === 0) broken('Nothing came after the pause')
  await scene.stop(run)
}

/** For tasks that have `throttle`. */
export async function throttles(scene: SourceScene): Promise<void> {
  const run = await scene.start()
  const { harness, task } = run
  const [part] = await scene.read(run, 1)
  if (task.canThrottle && part !== undefined) {
    harness.throttle(part.sourcePartition, 'paused')
    await scene.produce(1)
    const came = await Promise.race([harness.demand(), settle(QUIET_MS)])
    const unwanted = came?.parts.filter(each => partitionKey(each.sourcePartition) === partitionKey(part.sourcePartition))
    if (textsOf(unwanted ?? []).length > 0) broken('Records came although their source partition was paused')
    harness.throttle(part.sourcePartition, 'resumed')
    harness.pause()
    await scene.read(run, 1)
  }
  await scene.stop(run)
}

export async function respectsLimits(scene: SourceScene): Promise<void> {
  const run = await scene.start()
  await scene.produce(AT_ONCE)
  const deadline = performance.now() + scene.timeoutMs
  for (let found = 0; found < AT_ONCE; ) {
    const { parts } = await run.harness.demand({ maxRecords: 1 })
    const count = parts.filter(part => !('bytes' in part.records)).reduce((sum, { records }) => sum + lengthOf(records), 0)
    if (count > 1) broken(`The task emitted ${count} records for a demand of 1`)
    found += textsOf(parts).length
    if (performance.now() > deadline) broken(`Only ${found} of ${AT_ONCE} records came, with demands of 1 record each`)
  }
  await scene.stop(run)
}

export async function records(scene: SourceScene): Promise<void> {
  const run = await scene.start()
  for (const part of await scene.read(run, AT_ONCE)) {
    const list = listOf(part)
    for (const record of list) checkRecord(record)
    if (new Set(list.map(record => 'valueSchema' in record)).size > 1) broken('A part holds values and bytes at the same time')
  }
  await scene.stop(run)
}

const lengthOf = (list: SourcePart['records']): number => ('bytes' in list ? list.count : list.length)

function checkRecord(record: SourceRecord | ConnectRecord): void {
  const { topic, partition, key, value, headers, timestamp } = record
  if (typeof topic !== 'string' || topic === '') broken(`A record has the topic ${JSON.stringify(topic)}`)
  if (typeof timestamp !== 'number' || Number.isNaN(timestamp))
    broken(`A record of ${topic} has the timestamp ${String(timestamp)}`)
  if (!Array.isArray(headers)) broken(`A record of ${topic} has no list of headers`)
  const hasPlace = partition === undefined || partition === null || (Number.isInteger(partition) && partition >= 0)
  if (!hasPlace) broken(`A record of ${topic} has the partition ${String(partition)}`)
  if ('valueSchema' in record) {
    if (key === undefined || value === undefined) broken(`A record of ${topic} has an undefined key or value`)
    return
  }
  for (const [what, data] of Object.entries({ key, value })) {
    if (data === null || data instanceof Uint8Array) continue
    broken(
      `The ${what} of a record of ${topic} is neither bytes nor null, but ${data === undefined ? 'undefined' : `a ${typeof data}`}`,
    )
  }
}
