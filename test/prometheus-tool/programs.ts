import { accessSync, constants, mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from '../kafka-tool/cache.ts'
import { PrometheusToolError } from './errors.ts'
import { runProgram } from './run-program.ts'

export interface PrometheusPrograms {
  readonly prometheus: string
  readonly promtool: string
}

/** Ignored by git; may be deleted at any time. */
const folder = fileURLToPath(new URL('../../.cache/prometheus/', import.meta.url))
const INSTALL_MS = 180_000
const UPDATE_MS = 90_000

/**
 * Prometheus and promtool as they are on the PATH; on Debian, and as root, the package `prometheus` is installed where they are missing.
 * @param report told that it is being installed
 * @throws PrometheusToolError when there is none and none can be had
 */
export async function prometheusPrograms(report: (line: string) => void = () => undefined): Promise<PrometheusPrograms> {
  const there = find()
  if (there !== undefined) return there
  mkdirSync(folder, { recursive: true })
  return withLock(join(folder, 'lock'), async () => {
    const meanwhile = find()
    if (meanwhile !== undefined) return meanwhile
    await install(report)
    const installed = find()
    if (installed === undefined) throw missing('the package was installed, and has not brought them')
    return installed
  })
}

async function install(report: (line: string) => void): Promise<void> {
  const apt = onPath('apt-get')
  if (apt === undefined || process.getuid?.() !== 0) throw missing('only root of a Debian can have them installed')
  report('Installing the package prometheus …')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await runProgram(apt, ['-qq', 'update'], { env, timeoutMs: UPDATE_MS })
  const { code, output } = await runProgram(apt, ['-qq', '-y', '--no-install-recommends', 'install', 'prometheus'], {
    env,
    timeoutMs: INSTALL_MS,
  })
  if (code !== 0) throw missing(`apt-get could not install it: ${output.slice(-500).trim()}`)
}

function missing(why: string): PrometheusToolError {
  return new PrometheusToolError(`There are no prometheus and promtool on the PATH, and ${why}: install Prometheus`)
}

function find(): PrometheusPrograms | undefined {
  const [prometheus, promtool] = [onPath('prometheus'), onPath('promtool')]
  return prometheus === undefined || promtool === undefined ? undefined : { prometheus, promtool }
}

function onPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map(directory => join(directory, name))
    .find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}
