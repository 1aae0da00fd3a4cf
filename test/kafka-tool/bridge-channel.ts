import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import { spawnJava } from './java.ts'

/** What a Java client threw: `javaClass` without its package, for example TopicExistsException. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError'
  readonly javaClass: string

  constructor(javaClass: string, message: string) {
    super(`${javaClass}: ${message}`)
    this.javaClass = javaClass
  }
}

export type ItemVisitor = (item: unknown) => void

interface Pending {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
  readonly onItem: ItemVisitor | undefined
}

interface Reply {
  readonly id: number
  readonly item?: unknown
  readonly result?: unknown
  readonly error?: { readonly type: string; readonly message: string }
}

export interface BridgeChannel {
  request(command: string, fields: object, onItem?: ItemVisitor): Promise<unknown>
  close(): Promise<void>
}

/** Requests and replies over the stdin and stdout of test/interop/Bridge.java; many may be under way at once. */
export async function openBridgeChannel(options: { version?: string; heapMb?: number }): Promise<BridgeChannel> {
  const child = await spawnJava({ file: 'Bridge.java', args: [], heapMb: 768, ...options })
  const pending = new Map<number, Pending>()
  let lastId = 0
  let stderr = ''
  const exited = new Promise<void>(resolve => {
    child.once('close', code => {
      for (const { reject } of pending.values()) reject(new Error(`The bridge to Java ended (${code}): ${stderr}`))
      pending.clear()
      resolve()
    })
  })
  child.stderr.on('data', (bytes: Buffer) => {
    stderr = (stderr + bytes.toString('utf8')).slice(-8_000)
  })
  child.stdin.on('error', (error: Error) => {
    stderr += error.message
  })
  createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }).on('line', line => {
    const reply = JSON.parse(line) as Reply
    const request = pending.get(reply.id)
    if (request === undefined) return
    if (reply.item !== undefined) {
      request.onItem?.(reply.item)
      return
    }
    pending.delete(reply.id)
    if (pending.size === 0) hold(child, false)
    if (reply.error === undefined) request.resolve(reply.result)
    else request.reject(new BridgeError(reply.error.type, reply.error.message))
  })
  hold(child, false)
  return {
    request(command, fields, onItem) {
      const id = ++lastId
      hold(child, true)
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject, onItem })
        child.stdin.write(`${JSON.stringify({ ...fields, id, command })}\n`)
      })
    },
    async close() {
      hold(child, true)
      child.stdin.end()
      await exited
    },
  }
}

/** An idle bridge must not keep this process from ending; it halts when its stdin closes. */
function hold(child: ChildProcessWithoutNullStreams, held: boolean): void {
  for (const handle of [child, child.stdin, child.stdout, child.stderr] as { ref(): void; unref(): void }[]) {
    if (held) handle.ref()
    else handle.unref()
  }
}
