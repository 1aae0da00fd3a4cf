import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../../test/kafka-tool/index.ts'
import { type CommandResult, isthmus } from './isthmus-command.ts'
import { MirrorCommand, type MirrorCommandOptions } from './mirror-command.ts'

type Environment = MirrorCommandOptions['env']

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
    this.#own(() => cluster.stop())
    console.log(`  ${name}: ${cluster.bootstrapServers} (Kafka ${cluster.version})`)
    return cluster
  }

  /** The official Java clients, for applications of the program. */
  async startBridge(): Promise<Bridge> {
    this.#closing.signal.throwIfAborted()
    const bridge = await startBridge()
    this.#own(() => bridge.close())
    return bridge
  }

  /** `isthmus mirror FILE` that is to run until it is stopped. */
  startMirror(file: string, env: Environment, { ownsTerminal = false } = {}): MirrorCommand {
    const mirror = this.openMirror({ file, env, ownsTerminal })
    this.watch(mirror.untilStopped())
    return mirror
  }

  /** The same, but it may end. */
  openMirror(options: MirrorCommandOptions): MirrorCommand {
    this.#closing.signal.throwIfAborted()
    const mirror = new MirrorCommand(options)
    this.#own(() => mirror.stop())
    return mirror
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

  #own(closer: () => Promise<void>): void {
    this.#closers.push(closer)
  }
}
