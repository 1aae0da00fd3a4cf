import { dirname, resolve } from 'node:path'
import { ConfigError, type ConfigProblem, type Logger } from '../../api/index.ts'
import type { Injector } from '../../api/injection.ts'
import { readPropertiesFile } from '../../config/properties.ts'
import { type Connect, openConnect } from '../../di/connect.ts'
import { type ConnectorFile, readConnectorFile } from '../../herder/connector-file.ts'

export interface ReadFilesOptions {
  readonly worker: string
  readonly connectors: readonly string[]
  readonly injector: Injector
  readonly logger: Logger
}

/** What the files say, all of it sound. */
export interface StandalonePlan {
  readonly connect: Connect
  readonly connectors: readonly ConnectorFile[]
}

/** Problems of one file. */
export interface FileProblems {
  readonly file: string
  readonly problems: readonly ConfigProblem[]
}

/** Reads the files of a worker and its connectors; with anything wrong in any of them, all that is wrong in all of them. */
export async function readFiles(options: ReadFilesOptions): Promise<StandalonePlan | readonly FileProblems[]> {
  const found: FileProblems[] = []
  const note = async <T>(file: string, job: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await job()
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      found.push({ file, problems: error.problems })
      return undefined
    }
  }
  const connect = await note(options.worker, () => openWorker(options))
  const connectors: ConnectorFile[] = []
  const fileOf = new Map<string, string>()
  for (const file of options.connectors) {
    const read = await note(file, () => readConnectorFile(file))
    if (read === undefined) continue
    connectors.push(read)
    await note(file, () => connect?.check(read.config))
    const name = read.config.name?.trim() ?? ''
    await note(file, () => refuseTwice(name, fileOf.get(name)))
    fileOf.set(name, file)
  }
  if (connect !== undefined && found.length === 0) return { connect, connectors }
  await connect?.stop()
  return found
}

function openWorker({ worker, connectors, injector, logger }: ReadFilesOptions): Promise<Connect> {
  const folders = [...connectors, worker].map(file => dirname(resolve(file)))
  return openConnect({
    worker: readPropertiesFile(worker),
    env: process.env,
    injector,
    logger,
    folders: [...folders, process.cwd()],
  })
}

function refuseTwice(name: string, other: string | undefined): void {
  if (other === undefined || name === '') return
  throw new ConfigError([
    { key: 'name', value: name, message: `is the name of the connector of ${other} too; give each its own` },
  ])
}
