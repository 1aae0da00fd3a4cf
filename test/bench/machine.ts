import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_VERSION } from '../kafka-tool/index.ts'
import { requireJava } from '../kafka-tool/jdk.ts'
import { goVersions } from './contestants/go-copier.ts'
import { projectRoot } from './paths.ts'
import { runProcess } from './processes.ts'
import type { Machine } from './results.ts'

export const describeMachine = (): Omit<Machine, 'loadBefore' | 'loadAfter'> => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGb: Math.round(totalmem() / 2 ** 30),
  os: `${type()} ${release()}`,
})

export const load = (): readonly number[] => loadavg().map(value => Math.round(value * 100) / 100)

export const describeVersions = async (withGo: boolean): Promise<Record<string, string>> => {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }
  return {
    isthmus: `${version}${await commit()}`,
    node: process.version,
    kafka: DEFAULT_VERSION,
    java: await requireJava(),
    ...(withGo ? { go: await goVersions() } : {}),
  }
}

/** Empty outside a git checkout. */
const commit = async (): Promise<string> => {
  const described = runProcess('git', ['describe', '--always', '--dirty'], { cwd: projectRoot, timeoutMs: 10_000 })
  return described.then(
    text => ` (${text.trim()})`,
    () => '',
  )
}
