import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type JavaOptions, spawnJava } from './java.ts'

/** A program of Kafka's that goes on until stopped. */
export interface JavaService {
  readonly pid: number
  /** What it has logged so far, the last megabyte of it. */
  log(): string
  /** SIGTERM: it commits its offsets; resolves with the exit code when it has ended. */
  stop(): Promise<number | null>
  /** SIGKILL. */
  kill(): Promise<number | null>
}

const LOG_CHARACTERS = 1_000_000

/** @param argsIn writes what the program reads into a folder, which is deleted when it has ended, and returns its arguments */
export async function startService(
  options: Omit<JavaOptions, 'args'> & { readonly mainClass: string },
  argsIn: (folder: string) => readonly string[],
): Promise<JavaService> {
  const folder = mkdtempSync(join(tmpdir(), `${options.mainClass.split('.').at(-1)}-`))
  const child = await spawnJava({ heapMb: 512, logLevel: 'info', ...options, args: argsIn(folder) })
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
