import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, goFolder } from '../paths.ts'
import { runProcess, startProcess } from '../processes.ts'
import { PARTITIONS } from '../workloads.ts'
import { type Contestant, Unavailable } from './contestant.ts'

const BUILD_MS = 180_000

/**
 * The record copier in go-copier/.
 * @throws {Unavailable} when Go is not installed or cannot build it
 */
export const goCopier = async (): Promise<Contestant> => {
  const program = join(cacheFolder, 'go-copier')
  mkdirSync(cacheFolder, { recursive: true })
  try {
    await runProcess('go', ['build', '-o', program, '.'], { cwd: goFolder, timeoutMs: BUILD_MS })
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new Unavailable(missing ? 'Go is not installed' : (error as Error).message)
  }
  return {
    name: 'go',
    settings:
      'franz-go, see go-copier/main.go: idempotent, 5 requests in flight, fetches up to 16 MiB, batches up to 1 MB, codec of the source',
    isMirror: false,
    start: ({ source, target, topic, targetTopic, codec }) =>
      startProcess(program, [
        ...['-source', source.bootstrapServers, '-target', target.bootstrapServers],
        ...['-topic', topic, '-target-topic', targetTopic, '-partitions', String(PARTITIONS), '-codec', codec, '-follow'],
      ]),
  }
}

/** Go's and franz-go's. */
export const goVersions = async (): Promise<string> => {
  const list = ['list', '-m', '-f', '{{.Version}}', 'github.com/twmb/franz-go']
  const [go, library] = await Promise.all([
    runProcess('go', ['env', 'GOVERSION'], { cwd: goFolder, timeoutMs: BUILD_MS }),
    runProcess('go', list, { cwd: goFolder, timeoutMs: BUILD_MS }),
  ])
  return `${go.trim()}, franz-go ${library.trim()}`
}
