import { broken, type Properties, settle } from './conformance-test.ts'
import { leftRunning } from './left-running.ts'
import type { SinkConformanceOptions } from './sink-conformance.ts'
import { DEFAULT_PROMPT_MS, SinkScene } from './sink-scene.ts'

/** Batches that a task cannot have finished by the time it is told to stop. */
const MANY = 20

export async function stopsIdle(scene: SinkScene): Promise<void> {
  await scene.stop(await scene.start())
  const assigned = await scene.start()
  await assigned.harness.assign(scene.place(0))
  await scene.stop(assigned)
}

export async function stopsBusy(scene: SinkScene): Promise<void> {
  const run = await scene.start()
  for (let i = 0; i < MANY; i++) await scene.deliver(run, i % 2, 2)
  await scene.stop(run)
  await scene.expectArrived(scene.committed(run), 'that were committed')
}

export async function stopsAtOnce(scene: SinkScene): Promise<void> {
  const run = await scene.start()
  for (let i = 0; i < MANY; i++) await scene.deliver(run, i % 2, 2)
  await scene.kill(run)
  if (run.task.listening > 0) broken('The task still listens for batches after it was unsubscribed from')
}

export async function failedStart(scene: SinkScene, badConfig: Properties): Promise<void> {
  const task = scene.create()
  try {
    await scene.start(new Map(), task, badConfig)
  } catch {
    await scene.prompt(task.stop(), 'stop() did not resolve after start() had failed')
    return
  }
  broken('start() resolved with the badConfig of this suite')
}

/** After a stop and after a kill, each with batches under way. */
export async function leavesNothing(options: SinkConformanceOptions): Promise<void> {
  const play = (): Promise<void> =>
    SinkScene.play(options, async scene => {
      const stopped = await scene.start()
      await scene.deliver(stopped, 0, 2)
      await scene.settled(stopped)
      await scene.deliver(stopped, 0, 2)
      await scene.stop(stopped)
      const killed = await scene.start(stopped.harness.committed)
      await scene.deliver(killed, 0, 2)
      await scene.kill(killed)
    })
  const left = await leftRunning(play, options.promptMs ?? DEFAULT_PROMPT_MS)
  if (left.length > 0) broken(`After stop() there is still ${left.join(', ')}`)
}

export async function quietAfterStop(scene: SinkScene): Promise<void> {
  const run = await scene.start()
  for (let i = 0; i < MANY; i++) await scene.deliver(run, i % 2, 2)
  await scene.stop(run)
  const { length: acks } = run.task.acks
  const { length: arrived } = await scene.arrived()
  await settle(100)
  const later = (await scene.arrived()).length - arrived
  if (later > 0) broken(`${later} records were written after stop() had resolved`)
  if (run.task.acks.length > acks) broken(`${run.task.acks.length - acks} batches were acknowledged after stop() had resolved`)
}
