import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isthmusProgram, projectRoot } from '../paths.ts'
import { runProcess, startProcess } from '../processes.ts'
import { type Contestant, Unavailable } from './contestant.ts'
import { mirrorProperties, writeProperties } from './mirror-properties.ts'

const SOURCES = ['framework', 'connectors', 'policies']
const BUILD_MS = 180_000

/**
 * `isthmus mirror` from dist, built first when it is missing or older than the sources; or any command that takes a properties file.
 * @throws {Unavailable} when the build fails
 */
export const isthmus = async (command?: readonly string[]): Promise<Contestant> => {
  if (command === undefined) await build()
  const [program, ...args] = command ?? [process.execPath, isthmusProgram, 'mirror']
  return {
    name: 'isthmus',
    settings: command === undefined ? 'isthmus mirror, --clusters target, defaults' : command.join(' '),
    isMirror: true,
    start: job =>
      startProcess(program as string, [...args, writeProperties('isthmus', mirrorProperties(job)), '--clusters', 'target'], {
        env: { ...process.env, NODE_ENV: 'production' },
      }),
  }
}

/** @throws {Unavailable} when the build fails */
export const build = async (): Promise<void> => {
  if (existsSync(isthmusProgram) && newest(join(projectRoot, 'dist'), '.js') >= Math.max(...SOURCES.map(newestSource))) return
  try {
    await runProcess('npm', ['run', 'build'], { cwd: projectRoot, timeoutMs: BUILD_MS })
  } catch (error) {
    throw new Unavailable(`npm run build failed: ${(error as Error).message}`)
  }
  if (!existsSync(isthmusProgram)) throw new Unavailable(`npm run build left no ${isthmusProgram}`)
}

const newestSource = (folder: string): number => newest(join(projectRoot, folder), '.ts')

/** Of the files below a folder whose names end so: ms since the epoch; 0 when there is none. */
const newest = (folder: string, suffix: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith(suffix))
    .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0)
