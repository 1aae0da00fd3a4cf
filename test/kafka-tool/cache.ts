import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isAlive, own, type ProcessIdentity } from './process-identity.ts'

export const DEFAULT_VERSION = '4.2.0'

/** Everything the tool keeps lives here: an ignored folder of the repository that may be deleted at any time. */
export const cacheRoot = fileURLToPath(new URL('../../.cache/kafka/', import.meta.url))
export const runRoot = join(cacheRoot, 'run')

export function versionDir(version: string): string {
  const dir = join(cacheRoot, version)
  mkdirSync(dir, { recursive: true })
  return dir
}

/** Runs `work` while no other process holds `file`; the lock of a process that died is taken over. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const claim = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`
  writeFileSync(claim, JSON.stringify(own()))
  try {
    while (!tryLink(claim, file)) {
      if (isHeld(file)) await delay(50)
      else removeStale(file, `${claim}.stale`)
    }
  } finally {
    rmSync(claim, { force: true })
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

function tryLink(claim: string, file: string): boolean {
  try {
    linkSync(claim, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function isHeld(file: string): boolean {
  try {
    return isAlive(JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** Another process may have done so, and locked again, since we looked: what was taken away is looked at once more. */
function removeStale(file: string, aside: string): void {
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if (isHeld(aside)) tryLink(aside, file)
  rmSync(aside)
}
