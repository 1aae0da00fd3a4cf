import { isDeepStrictEqual } from 'node:util'
import { broken, settle } from './conformance-test.ts'
import type { SinkRun, SinkScene } from './sink-scene.ts'

const PARTITIONS = [0, 1, 2] as const

export async function acksOnce(scene: SinkScene): Promise<void> {
  const run = await scene.start()
  for (let i = 0; i < 2; i++) for (const partition of PARTITIONS) await scene.deliver(run, partition, 2)
  await scene.settled(run)
  await settle()
  const whole = run.task.acks.filter(
    ({ batch, nextOffset, error }) => error === undefined && (nextOffset ?? Infinity) > batch.lastOffset,
  )
  for (const { batch } of run.task.acks)
    if (!run.task.given.has(batch)) broken('The task acknowledged a batch that it was not given')
  for (const batch of run.task.given) {
    const count = whole.filter(ack => ack.batch === batch).length
    if (count !== 1)
      broken(`The batch at offset ${batch.firstOffset} of ${batch.topic}-${batch.partition} was acknowledged ${count} times`)
  }
  await run.harness.commit()
  const ends = PARTITIONS.map(partition => run.harness.committed.get(`${scene.topic}-${partition}`))
  if (!isDeepStrictEqual(ends, [4, 4, 4])) broken(`Of 4 records in each of 3 partitions, ${ends.join(', ')} could be committed`)
  await scene.stop(run)
}

/** One goes away while the others have work, and they go on. */
export async function manyPartitions(scene: SinkScene): Promise<void> {
  const run = await scene.start()
  for (const partition of [0, 1, 2, 1, 0, 2]) await scene.deliver(run, partition, 1)
  await scene.prompt(run.harness.revoke(scene.place(1)), 'A partition could not be given back while others have work')
  for (const partition of [2, 0]) await scene.deliver(run, partition, 1)
  await scene.settled(run)
  await scene.stop(run)
  await scene.expectArrived(scene.committed(run), 'that were committed')
}

export async function ackedIsWritten(scene: SinkScene): Promise<void> {
  const run = await scene.start()
  for (const partition of PARTITIONS) await scene.deliver(run, partition, 3)
  await scene.settled(run)
  await run.harness.commit()
  await scene.kill(run)
  await scene.expectArrived(scene.committed(run), 'that were acknowledged')
}

export async function redelivery(scene: SinkScene): Promise<void> {
  const first = await scene.start()
  for (const partition of PARTITIONS) await scene.deliver(first, partition, 3)
  await scene.settled(first)
  await scene.kill(first)
  const second = await scene.start()
  for (const partition of PARTITIONS) await scene.deliverAgain(second, partition)
  await finish(scene, second, 'that were delivered again')
}

export async function retries(scene: SinkScene): Promise<void> {
  const run = await scene.start()
  await scene.deliver(run, 0, 2)
  await scene.settled(run)
  await scene.interrupt()
  for (const partition of PARTITIONS) await scene.deliver(run, partition, 2)
  await finish(scene, run, 'that met the failure')
}

export async function goesOn(scene: SinkScene): Promise<void> {
  const first = await scene.start()
  await scene.deliver(first, 0, 3)
  await scene.settled(first)
  await scene.stop(first)
  const second = await scene.start(first.harness.committed)
  await scene.deliver(second, 0, 3)
  await finish(scene, second, 'of the first and the second task')
}

export async function revoke(scene: SinkScene): Promise<void> {
  const run = await scene.start()
  for (let i = 0; i < 5; i++) await scene.deliver(run, 0, 2)
  await scene.prompt(run.harness.revoke(scene.place(0)), 'The task did not finish the partition that was taken away')
  await scene.expectArrived(scene.committed(run), 'that were committed when their partition was taken away')
  await scene.deliverAgain(run, 0)
  await finish(scene, run, 'of a partition that was taken away and came back')
}

export async function lost(scene: SinkScene): Promise<void> {
  const run = await scene.start()
  for (const partition of [0, 1]) await scene.deliver(run, partition, 2)
  await scene.prompt(run.harness.lose(scene.place(0)), 'close() of a lost partition did not resolve')
  await scene.deliver(run, 1, 2)
  await scene.deliverAgain(run, 0)
  await finish(scene, run, 'of a partition that was lost and came back')
}

export async function comesBack(scene: SinkScene): Promise<void> {
  const run = await scene.start()
  for (let i = 0; i < 3; i++) {
    await run.harness.assign(scene.place(0))
    await scene.deliver(run, 0, 2)
    await scene.settled(run)
    await scene.prompt(run.harness.revoke(scene.place(0)), 'The partition could not be given back')
  }
  await finish(scene, run, 'of a partition that went and came back')
}

export async function flush(scene: SinkScene): Promise<void> {
  const run = await scene.start()
  for (const partition of PARTITIONS) await scene.deliver(run, partition, 1)
  await scene.settled(run)
  await run.harness.commit()
  await scene.expectArrived(scene.all, 'that were flushed')
  await scene.prompt(run.harness.flush(), 'flush() did not resolve when there was nothing to do')
  await scene.stop(run)
}

export async function emptyValues(scene: SinkScene): Promise<void> {
  const run = await scene.start()
  await run.harness.deliver(scene.topic, 0, scene.bare)
  await scene.settled(run)
  await scene.stop(run)
}

async function finish(scene: SinkScene, run: SinkRun, what: string): Promise<void> {
  await scene.settled(run)
  await scene.stop(run)
  await scene.expectArrived(scene.all, what)
}
