import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type JavaOptions, spawnJava } from './java.ts'
import { formatProperties } from './server-properties.ts'

export interface MirrorMakerOptions extends Pick<JavaOptions, 'version' | 'heapMb' | 'jvm'> {
  /** Of mm2.properties, as an object or as the file's text. */
  readonly properties: Readonly<Record<string, string>> | string
  /** Value of --clusters: which targets this process serves. */
  readonly clusters?: readonly string[]
}

export interface MirrorMaker {
  readonly pid: number
  /** What it has logged so far, the last megabyte of it. */
  log(): string
  /** SIGTERM: it commits its offsets; resolves with the exit code when it has ended. */
  stop(): Promise<number | null>
  /** SIGKILL. */
  kill(): Promise<number | null>
}

const LOG_CHARACTERS = 1_000_000

/**
 * Starts MirrorMaker 2 in dedicated mode. It takes five seconds until it copies; await what it writes with Bridge.awaitRecords.
 * Its internal topics get one replica unless the properties say otherwise.
 */
export async function startMirrorMaker(options: MirrorMakerOptions): Promise<MirrorMaker> {
  const { properties, clusters = [], ...java } = options
  const folder = mkdtempSync(join(tmpdir(), 'mirror-maker-'))
  const file = join(folder, 'mm2.properties')
  writeFileSync(file, typeof properties === 'string' ? properties : formatProperties({ ...ONE_REPLICA, ...properties }))
  const args = [file, ...(clusters.length > 0 ? ['--clusters', ...clusters] : [])]
  const mainClass = 'org.apache.kafka.connect.mirror.MirrorMaker'
  const child = await spawnJava({ heapMb: 512, ...java, mainClass, args, logLevel: 'info' })
  let log = ''
  const keep = (bytes: Buffer) => {
    log = (log + bytes.toString('utf8')).slice(-LOG_CHARACTERS)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const exited = once(child, 'exit').then(([code]) => {
    rmSync(folder, { recursive: true, force: true })
    return code as number | null
  })
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return exited
  }
  return { pid: child.pid!, log: () => log, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

const ONE_REPLICA = {
  'replication.factor': '1',
  'offset.storage.replication.factor': '1',
  'status.storage.replication.factor': '1',
  'config.storage.replication.factor': '1',
  'heartbeats.topic.replication.factor': '1',
  'checkpoints.topic.replication.factor': '1',
  'offset-syncs.topic.replication.factor': '1',
}
