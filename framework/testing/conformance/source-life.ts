import { broken, type Properties, settle } from './conformance-test.ts'
import { leftRunning } from './left-running.ts'
import type { SourceConformanceOptions } from './source-conformance.ts'
import { DEFAULT_PROMPT_MS, SourceScene } from './source-scene.ts'
import type { WatchedSource } from './watched-source.ts'

const DEMANDS = 4

export async function stopsIdle(scene: SourceScene): Promise<void> {
  await scene.stop(await scene.start())
}

export async function stopsBusy(scene: SourceScene): Promise<void> {
  const run = await scene.start()
  if (scene.hasEnd) await scene.read(run, 1)
  for (let i = 0; i < DEMANDS; i++) void run.harness.demand()
  await settle()
  await scene.stop(run)
}

export async function stopsAtOnce(scene: SourceScene): Promise<void> {
  const run = await scene.start()
  if (scene.hasEnd) await scene.read(run, 1)
  for (let i = 0; i < DEMANDS; i++) void run.harness.demand()
  await settle()
  await scene.kill(run)
  if (run.task.listening > 0) broken('The task still listens to demand$ after it was unsubscribed from')
}

export async function failedStart(scene: SourceScene): Promise<void> {
  scene.offsets.failLoads(new Error('offsets cannot be read: made so by this test'))
  const task = scene.create()
  if (!(await fails(scene, task, scene.config)) && task.hasAskedOffsets) {
    broken('start() resolved although the offsets could not be read: the task would begin anew, and repeat everything')
  }
  scene.offsets.failLoads(undefined)
  if (scene.badConfig === undefined) return
  if (!(await fails(scene, scene.create(), scene.badConfig))) broken('start() resolved with the badConfig of this suite')
}

async function fails(scene: SourceScene, task: WatchedSource, config: Properties): Promise<boolean> {
  try {
    await scene.kill(await scene.start(task, config))
    return false
  } catch (error) {
    if (!task.isStopped) broken(`stop() failed after start() had failed: ${String(error)}`)
    return true
  }
}

/** After a stop and after a kill, each with a demand that is not answered. */
export async function leavesNothing(options: SourceConformanceOptions): Promise<void> {
  const play = (): Promise<void> =>
    SourceScene.play(options, async scene => {
      const stopped = await scene.start()
      await scene.read(stopped, 1)
      void stopped.harness.demand()
      await settle()
      await scene.stop(stopped)
      const killed = await scene.start()
      void killed.harness.demand()
      await settle()
      await scene.kill(killed)
    })
  const left = await leftRunning(play, options.promptMs ?? DEFAULT_PROMPT_MS)
  if (left.length > 0) broken(`After stop() there is still ${left.join(', ')}`)
}
