import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runRoot } from './cache.ts'
import { isAlive, type ProcessIdentity, signalIfAlive, waitUntilGone } from './process-identity.ts'
import type { SecurityProtocol } from './security.ts'

export interface BrokerPorts {
  /** Where clients connect. */
  readonly client: number
  readonly controller: number
  /** Plaintext, between brokers; equal to `client` in a PLAINTEXT cluster. */
  readonly internal: number
}

export interface BrokerState {
  readonly id: number
  readonly ports: BrokerPorts
  /** Absent while the broker is down. */
  readonly process?: ProcessIdentity
}

/** What is known of a cluster on disk, in cluster.json of its folder: enough to control it and to clean up after it. */
export interface ClusterState {
  readonly name: string
  readonly version: string
  readonly security: SecurityProtocol
  readonly heapMb: number
  readonly jvm: readonly string[]
  /** The process whose end ends the cluster; null: it stays up until somebody stops it. */
  readonly owner: ProcessIdentity | null
  readonly brokers: readonly BrokerState[]
}

const STATE_FILE = 'cluster.json'
/** A folder without a state file is one being made right now, or what a crash left. */
const ABANDONED_AFTER_MS = 60_000

export function clusterDir(folder: string): string {
  return join(runRoot, folder)
}

export function writeState(dir: string, state: ClusterState): void {
  const file = join(dir, STATE_FILE)
  writeFileSync(`${file}.new`, JSON.stringify(state, null, 2))
  renameSync(`${file}.new`, file)
}

export function readState(dir: string): ClusterState | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, STATE_FILE), 'utf8')) as ClusterState
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

export function readStates(): ClusterState[] {
  return clusterFolders()
    .map(readState)
    .filter(state => state !== undefined)
}

/** Kills the brokers and deletes the data of clusters whose owner is gone. */
export async function sweepLeftovers(): Promise<void> {
  for (const dir of clusterFolders()) {
    const state = readState(dir)
    if (state === undefined ? isAbandoned(dir) : state.owner !== null && !isAlive(state.owner)) {
      await destroy(dir, state?.brokers ?? [])
    }
  }
}

/** Afterwards neither a process nor the folder is left. */
export async function destroy(dir: string, brokers: readonly BrokerState[]): Promise<void> {
  const running = brokers.flatMap(broker => broker.process ?? [])
  for (const process of running) signalIfAlive(process, 'SIGKILL')
  for (const process of running) await waitUntilGone(process, 10_000)
  rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}

/** For a process that ends without stopping its cluster, by an error say. Returns what withdraws it. */
export function destroyAtExit(dir: string, brokers: () => readonly BrokerState[]): () => void {
  const destroyNow = () => {
    const running = brokers().flatMap(broker => broker.process ?? [])
    for (const process of running) signalIfAlive(process, 'SIGKILL')
    const deadline = Date.now() + 2_000
    const cell = new Int32Array(new SharedArrayBuffer(4))
    while (running.some(isAlive) && Date.now() < deadline) Atomics.wait(cell, 0, 0, 5)
    rmSync(dir, { recursive: true, force: true })
  }
  process.once('exit', destroyNow)
  return () => process.removeListener('exit', destroyNow)
}

function clusterFolders(): string[] {
  mkdirSync(runRoot, { recursive: true })
  return readdirSync(runRoot, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => join(runRoot, entry.name))
}

function isAbandoned(dir: string): boolean {
  return existsSync(dir) && Date.now() - statSync(dir).mtimeMs > ABANDONED_AFTER_MS
}
