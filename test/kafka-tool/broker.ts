import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, copyFileSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jdkTool } from './jdk.ts'
import { identify, isAlive, type ProcessIdentity, signalIfAlive, waitUntilGone } from './process-identity.ts'
import type { BrokerState } from './run-state.ts'
import type { BrokerTemplate } from './template.ts'

export interface Broker {
  readonly id: number
  /** Of the client listener on 127.0.0.1; the same for the broker's whole life. */
  readonly port: number
  /** Undefined while the broker is down. */
  readonly pid: number | undefined
  /** Its log, config and data: broker.log, server.properties, data. */
  readonly dir: string
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>
  /** SIGTERM, an orderly shutdown; SIGKILL if that takes longer than 15 s, as it does without a quorum of controllers. */
  stop(): Promise<void>
  /** Same port, same data; resolves when it serves. Nothing happens if it runs. */
  start(): Promise<void>
}

export interface BrokerProcessOptions {
  readonly dir: string
  readonly template: BrokerTemplate
  readonly jvm: readonly string[]
  readonly heapMb: number
  /** True: outlives this process. False: ends with it, even if it is killed. */
  readonly background: boolean
  /** Called after every change, to keep the state on disk right. */
  readonly onChange: (state: BrokerState) => void
}

const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 15_000

export class BrokerProcess implements Broker {
  readonly dir: string
  #state: BrokerState
  readonly #options: BrokerProcessOptions
  #child: ChildProcess | undefined

  constructor(state: BrokerState, options: BrokerProcessOptions) {
    this.#state = state
    this.#options = options
    this.dir = options.dir
  }

  get id(): number {
    return this.#state.id
  }

  get port(): number {
    return this.#state.ports.client
  }

  get pid(): number | undefined {
    const running = this.#running()
    return running?.pid
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  async start(): Promise<void> {
    if (this.#running() !== undefined) return
    const { background } = this.#options
    const log = openSync(join(this.dir, 'broker.log'), 'a')
    const main = background ? ['BrokerMain'] : ['Watched', 'BrokerMain']
    const args = [...this.#jvmArguments(), ...main, join(this.dir, 'server.properties')]
    // Detached: Ctrl-C is for this process, which ends its brokers last of all.
    const child = spawn(jdkTool('java'), args, { stdio: [background ? 'ignore' : 'pipe', 'pipe', log], detached: true })
    closeSync(log)
    try {
      await once(child, 'spawn')
      this.#child = child
      this.#change(identify(child.pid!))
      await this.#ready(child)
    } finally {
      letGo(child)
    }
  }

  #running(): ProcessIdentity | undefined {
    const { process } = this.#state
    return process !== undefined && isAlive(process) ? process : undefined
  }

  #change(process: ProcessIdentity | undefined): void {
    const { id, ports } = this.#state
    this.#state = process === undefined ? { id, ports } : { id, ports, process }
    this.#options.onChange(this.#state)
  }

  async #ready(child: ChildProcess): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL')
        reject(new Error(`Broker ${this.id} did not serve within ${START_TIMEOUT_MS} ms:\n${this.#logTail()}`))
      }, START_TIMEOUT_MS)
      child.stdout!.once('data', () => {
        clearTimeout(timer)
        resolve()
      })
      child.once('exit', (code, signal) => {
        clearTimeout(timer)
        reject(new Error(`Broker ${this.id} ended while starting (${signal ?? code}):\n${this.#logTail()}`))
      })
    })
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const running = this.#running()
    if (running !== undefined) {
      const gone = this.#gone(running)
      signalIfAlive(running, signal)
      await gone
    }
    this.#child = undefined
    if (this.#state.process !== undefined) this.#change(undefined)
  }

  /** The exit event of our own child comes at once; of another's child the process table is asked. */
  async #gone(running: ProcessIdentity): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      if (await waitUntilGone(running, STOP_TIMEOUT_MS)) return
      signalIfAlive(running, 'SIGKILL')
      if (!(await waitUntilGone(running, STOP_TIMEOUT_MS))) throw new Error(`Broker ${this.id} (pid ${running.pid}) does not end`)
      return
    }
    child.ref()
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await once(child, 'exit')
    clearTimeout(timer)
  }

  #jvmArguments(): string[] {
    const { template, jvm, heapMb } = this.#options
    return [
      ...jvm,
      `-XX:SharedArchiveFile=${template.classArchive}`,
      '-Xlog:disable',
      '-Xlog:all=warning:stderr',
      '-Xlog:cds=off',
      `-Xmx${heapMb}m`,
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=info',
      '-Dorg.slf4j.simpleLogger.showDateTime=true',
      '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
      '-cp',
      template.classpath,
    ]
  }

  #logTail(): string {
    return readFileSync(join(this.dir, 'broker.log'), 'utf8').split('\n').slice(-30).join('\n')
  }
}

/** Makes the folder that Kafka's format command would make. */
export function formatStorage(dir: string, id: number, clusterId: string, directoryId: string, template: BrokerTemplate): void {
  const data = join(dir, 'data')
  mkdirSync(data, { recursive: true })
  copyFileSync(template.bootstrapCheckpoint, join(data, 'bootstrap.checkpoint'))
  const lines = ['version=1', `cluster.id=${clusterId}`, `node.id=${id}`, `directory.id=${directoryId}`]
  writeFileSync(join(data, 'meta.properties'), `${lines.join('\n')}\n`)
}

/** A running broker must not keep this process from ending. */
function letGo(child: ChildProcess): void {
  child.unref()
  child.stdout?.destroy()
  const stdin = child.stdin as unknown as { unref?: () => void } | null
  stdin?.unref?.()
}
