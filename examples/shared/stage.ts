import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../../test/kafka-tool/index.ts'
import { type CommandResult, commandLine, isthmus } from './isthmus-command.ts'
import { RunningCommand, type RunningCommandOptions } from './running-command.ts'

type Environment = RunningCommandOptions['env']

interface MirrorOptions {
  readonly file: string
  readonly env: Environment
  readonly ownsTerminal: boolean
}

/** All that a program starts. Nothing of it is left after `close`, and nothing can be started from then on. */
export class Stage {
  /** Rejects with the first failure of what runs beside the program: a mirror that ends by itself, a producer that is refused. */
  readonly failed: Promise<never>
  readonly #closing = new AbortController()
  /** The latest first. */
  readonly #closers: (() => Promise<void>)[] = []
  readonly #fail: (error: Error) => void

  constructor() {
    const { promise, reject } = Promise.withResolvers<never>()
    this.failed = promise
    this.#fail = reject
  }

  get isClosing(): boolean {
    return this.#closing.signal.aborted
  }

  async startCluster(name: string): Promise<KafkaCluster> {
    this.#closing.signal.throwIfAborted()
    const cluster = await startCluster({ name })
    this.own(() => cluster.stop())
    console.log(`  ${name}: ${cluster.bootstrapServers} (Kafka ${cluster.version})`)
    return cluster
  }

  /** The official Java clients, for applications of the program. */
  async startBridge(): Promise<Bridge> {
    this.#closing.signal.throwIfAborted()
    const bridge = await startBridge()
    this.own(() => bridge.close())
    return bridge
  }

  /** `isthmus mirror FILE` that is to run until it is stopped. */
  startMirror(file: string, env: Environment, { ownsTerminal = false } = {}): RunningCommand {
    const mirror = this.openMirror({ file, env, ownsTerminal })
    this.watch(mirror.untilStopped())
    return mirror
  }

  /** The same, but it may end. */
  openMirror({ file, env, ownsTerminal }: MirrorOptions): RunningCommand {
    return this.#run({ args: ['mirror', file, '--summary-interval', '1'], env, ownsTerminal })
  }

  /** `isthmus connect standalone FILE...` that is to run until it is stopped or killed. */
  startConnect(files: readonly string[], env: Environment): RunningCommand {
    const args = ['connect', 'standalone', ...files]
    console.log(commandLine(args))
    const worker = this.#run({ args, env })
    this.watch(worker.untilStopped())
    return worker
  }

  /** A folder that is deleted at the end. */
  makeFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'isthmus-example-'))
    this.own(async () => rmSync(folder, { recursive: true, force: true }))
    return folder
  }

  /** Runs `isthmus ...args` to its end, and shows what it prints. */
  isthmus(args: readonly string[], env: Environment, { shown = true } = {}): Promise<CommandResult> {
    return isthmus(args, { env, shown, signal: this.#closing.signal })
  }

  /** Work beside the program: the program fails when it rejects. */
  watch(work: Promise<unknown>): void {
    work.catch((error: Error) => this.#fail(error))
  }

  async close(): Promise<void> {
    this.#closing.abort()
    for (const closer of this.#closers.reverse()) await closer().catch((error: unknown) => console.error(error))
  }

  #run(options: RunningCommandOptions): RunningCommand {
    this.#closing.signal.throwIfAborted()
    const command = new RunningCommand(options)
    this.own(() => command.stop())
    return command
  }

  /** To be done at the end. */
  own(closer: () => Promise<void>): void {
    this.#closers.push(closer)
  }
}
