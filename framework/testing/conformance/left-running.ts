import { createHook } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/** Timers, sockets, servers, watchers, child processes: what can keep a process alive. */
interface Resource {
  hasRef(): boolean
}

interface Made {
  readonly type: string
  readonly resource: Resource
  /** Where, if that is known. */
  readonly frame: string | undefined
}

const THIS_FOLDER = new URL('..', import.meta.url).href
const NODE_FRAME = /node:|<anonymous>\)/
const LIBRARY_FRAME = /[\\/]node_modules[\\/]/
const POLL_MS = 10

/**
 * What `job` has made that still keeps the process alive after it, with the place where it was made. Empty = nothing. What is about to end is
 * waited for.
 */
export async function leftRunning(job: () => Promise<void>, limitMs: number): Promise<readonly string[]> {
  const alive = new Map<number, Made>()
  const hook = createHook({
    init: (id, type, _trigger, resource) => {
      const frames = ownFrames()
      if (isResource(resource) && type !== 'Immediate' && !frames[0]?.includes(THIS_FOLDER)) {
        alive.set(id, { type, resource, frame: frames.find(frame => !LIBRARY_FRAME.test(frame) && !frame.includes(THIS_FOLDER)) })
      }
    },
    destroy: id => void alive.delete(id),
  })
  hook.enable()
  try {
    await job()
    const deadline = performance.now() + limitMs
    for (;;) {
      const left = [...alive.values()].filter(({ resource }) => resource.hasRef())
      if (left.length === 0 || performance.now() > deadline) return left.map(describe)
      await sleep(POLL_MS)
    }
  } finally {
    hook.disable()
  }
}

const isResource = (resource: object): resource is Resource => typeof (resource as Partial<Resource>).hasRef === 'function'

const describe = ({ type, frame }: Made): string => (frame === undefined ? type : `${type} (made ${frame})`)

/** Of who called, Node's own left out. */
function ownFrames(): readonly string[] {
  const [, , , ...frames] = (new Error().stack ?? '').split('\n')
  return frames.filter(frame => !NODE_FRAME.test(frame)).map(frame => frame.trim())
}
