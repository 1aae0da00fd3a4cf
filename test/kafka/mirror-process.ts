import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { KafkaCluster } from '../kafka-tool/index.ts'
import { formatProperties } from '../kafka-tool/server-properties.ts'
import { atTestEnd } from './at-test-end.ts'

const cli = fileURLToPath(new URL('../../framework/cli/isthmus.ts', import.meta.url))

/** One structured line that the mirror logged. */
export interface LogLine {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error'
  /** ISO 8601. */
  readonly time: string
  readonly msg: string
  readonly code?: string
  readonly [field: string]: unknown
}

export interface Exit {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface MirrorProcessOptions {
  readonly properties: Readonly<Record<string, string>>
  /** Further arguments of `isthmus mirror`. */
  readonly args?: readonly string[]
  /** Beyond this process's. */
  readonly env?: Readonly<Record<string, string>>
}

const TIMEOUT_MS = 30_000
/** USER_HZ: in this unit the kernel tells processor time, on every platform that Node runs on. */
const TICKS_PER_SECOND = 100

interface Waiting {
  readonly match: (line: LogLine) => boolean
  readonly found: (line: LogLine) => void
}

/** `isthmus mirror` in a process of its own, its log lines parsed as they come. */
export class MirrorProcess {
  readonly lines: LogLine[] = []
  /** Resolves when it has ended and its last line has been read. */
  readonly exited: Promise<Exit>
  readonly #child: ChildProcessByStdio<null, Readable, Readable>
  readonly #waiting = new Set<Waiting>()
  /** Lines that are no JSON: of a crash, say. */
  readonly #otherLines: string[] = []

  constructor(options: MirrorProcessOptions) {
    const folder = mkdtempSync(join(tmpdir(), 'isthmus-'))
    const file = join(folder, 'mm2.properties')
    writeFileSync(file, formatProperties(options.properties))
    this.#child = spawn(process.execPath, [cli, 'mirror', file, ...(options.args ?? [])], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
    })
    atTestEnd(() => this.#child.kill('SIGKILL'))
    running.add(this.#child.pid!)
    if (running.size === 1) process.on('exit', killAll)
    for (const output of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: output }).on('line', line => this.#read(line))
    }
    this.exited = once(this.#child, 'close').then(([code, signal]) => {
      running.delete(this.#child.pid!)
      if (running.size === 0) process.off('exit', killAll)
      rmSync(folder, { recursive: true, force: true })
      return { code, signal } as Exit
    })
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** The first line, already logged or to come, that matches. Rejects when the process ends without it, or after `timeoutMs`. */
  waitFor(what: string, match: (line: LogLine) => boolean, timeoutMs = TIMEOUT_MS): Promise<LogLine> {
    const known = this.lines.find(match)
    if (known !== undefined) return Promise.resolve(known)
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        end()
        reject(new Error(`${what}: ${why}; the mirror's last lines:\n${this.tail()}`))
      }
      const timer = setTimeout(() => fail(`not within ${timeoutMs} ms`), timeoutMs)
      const waiting = {
        match,
        found: (line: LogLine) => {
          end()
          resolve(line)
        },
      }
      const end = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(waiting)
      }
      this.#waiting.add(waiting)
      void this.exited.then(({ code, signal }) => {
        if (this.#waiting.has(waiting)) fail(`the mirror ended (${signal ?? code})`)
      })
    })
  }

  /** Resolves once the flow's state, as it is logged, is this one. */
  awaitState(state: string, timeoutMs?: number): Promise<LogLine> {
    return this.waitFor(`state ${state}`, line => line.state === state, timeoutMs)
  }

  /** Lines with this code, at ERROR unless said otherwise. */
  withCode(code: string, level: LogLine['level'] = 'error'): LogLine[] {
    return this.lines.filter(line => line.code === code && line.level === level)
  }

  /** SIGTERM. */
  terminate(): Promise<Exit> {
    return this.signal('SIGTERM')
  }

  /** SIGKILL. */
  kill(): Promise<Exit> {
    return this.signal('SIGKILL')
  }

  signal(signal: NodeJS.Signals): Promise<Exit> {
    this.#child.kill(signal)
    return this.exited
  }

  /** Largest resident memory so far. */
  peakRssMb(): number {
    return statusKb(this.pid, 'VmHWM') / 1024
  }

  rssMb(): number {
    return statusKb(this.pid, 'VmRSS') / 1024
  }

  /** Processor time so far, in user and kernel mode. */
  cpuSeconds(): number {
    const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
  }

  tail(count = 20): string {
    return [...this.lines.slice(-count).map(line => JSON.stringify(line)), ...this.#otherLines.slice(-count)].join('\n')
  }

  #read(text: string): void {
    const line = parseLine(text)
    if (line === undefined) {
      this.#otherLines.push(text)
      return
    }
    this.lines.push(line)
    for (const waiting of this.#waiting) if (waiting.match(line)) waiting.found(line)
  }
}

const running = new Set<number>()

function killAll(): void {
  for (const pid of running) process.kill(pid, 'SIGKILL')
}

function parseLine(text: string): LogLine | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    return JSON.parse(text) as LogLine
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function statusKb(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1])
}

/** A file for one flow A->B between these clusters, with times short enough for a test. */
export function mirrorProperties(
  source: KafkaCluster,
  target: KafkaCluster,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const replicas = String(Math.min(target.brokers.length, 3))
  return {
    clusters: 'A, B',
    'A.bootstrap.servers': source.bootstrapServers,
    'B.bootstrap.servers': target.bootstrapServers,
    'A->B.enabled': 'true',
    'A->B.topics': '.*',
    'refresh.topics.interval.seconds': '2',
    'B.session.timeout.ms': '3000',
    'B.heartbeat.interval.ms': '500',
    'sync.topic.acls.enabled': 'false',
    'emit.heartbeats.enabled': 'false',
    'replication.factor': replicas,
    'offset-syncs.topic.replication.factor': String(Math.min(source.brokers.length, Number(replicas))),
    'checkpoints.topic.replication.factor': replicas,
    'offset.storage.replication.factor': replicas,
    'status.storage.replication.factor': replicas,
    'config.storage.replication.factor': replicas,
    ...more,
  }
}
