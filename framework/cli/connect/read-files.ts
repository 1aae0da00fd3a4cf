import { dirname, resolve } from 'node:path'
import { ConfigError, type ConfigProblem, type Logger } from '../../api/index.ts'
import type { Injector } from '../../api/injection.ts'
import { environmentName, propertiesOfEnvironment } from '../../config/connect/environment.ts'
import { readPropertiesFile } from '../../config/properties.ts'
import { PluginRegistry } from '../../di/index.ts'
import { pluginFolders, registerBuiltIns } from '../../di/register-built-ins.ts'
import { readConnectorFile } from '../../herder/connector-file.ts'
import type { ComposedRun } from '../../herder/connector-run.ts'
import { Standalone } from '../../herder/standalone.ts'
import type { TargetState } from '../../runtime/index.ts'
import { createLogger } from '../../telemetry/index.ts'

type Properties = Readonly<Record<string, string>>

export interface ReadFilesOptions {
  readonly worker: string
  readonly connectors: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly injector: Injector
  readonly logger: Logger
}

/** Problems of one file, or of the environment. */
export interface FileProblems {
  readonly file: string
  readonly problems: readonly ConfigProblem[]
}

/** A connector that can be started. */
export interface PlannedConnector {
  readonly file: string
  readonly prepared: ComposedRun
  readonly initialState: TargetState
}

/** What the files say. */
export interface StandalonePlan {
  /** Undefined where `mistakes` has its own. */
  readonly standalone: Standalone | undefined
  readonly connectors: readonly PlannedConnector[]
  /** What is written wrongly: nothing is to be started. */
  readonly mistakes: readonly FileProblems[]
  /** Connectors whose code fails or is not what it has to be: none of the others' business. */
  readonly broken: readonly FileProblems[]
}

/** Reads the files of a worker and its connectors, and finds all that is wrong in any of them. */
export async function readFiles(options: ReadFilesOptions): Promise<StandalonePlan> {
  const mistakes: FileProblems[] = []
  const broken: FileProblems[] = []
  const worker = await openWorker(options, mistakes)
  const fileOf = new Map<string, string>()
  const read = options.connectors.map(async (file): Promise<readonly PlannedConnector[]> => {
    try {
      const { config, initialState } = readConnectorFile(file)
      refuseTwice(config.name?.trim() ?? '', file, fileOf)
      const prepared = await worker.standalone?.prepare(config, { plugins: worker.loader(dirname(resolve(file))) })
      return prepared === undefined ? [] : [{ file, prepared, initialState }]
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      const isPlugin = error.problems.every(({ fault }) => fault === 'plugin')
      const noted = isPlugin ? broken : mistakes
      noted.push({ file, problems: error.problems })
      return []
    }
  })
  const connectors = (await Promise.all(read)).flat()
  const order = (a: FileProblems, b: FileProblems): number =>
    options.connectors.indexOf(a.file) - options.connectors.indexOf(b.file)
  return { standalone: worker.standalone, connectors, mistakes: mistakes.sort(order), broken: broken.sort(order) }
}

interface OpenWorker {
  readonly standalone: Standalone | undefined
  readonly loader: (folder: string) => ReturnType<PluginRegistry['loader']>
}

/** With mistakes in its properties, they are noted, and what is sound of them does to look at the connectors with. */
async function openWorker(options: ReadFilesOptions, mistakes: FileProblems[]): Promise<OpenWorker> {
  const { injector, logger, worker: file } = options
  const ofEnvironment = propertiesOfEnvironment(options.env)
  const registry = new PluginRegistry()
  registerBuiltIns(registry)
  let properties: Properties = ofEnvironment
  const loader: OpenWorker['loader'] = folder =>
    registry.loader([folder, dirname(resolve(file)), process.cwd(), ...pluginFolders(properties)])
  const open = (sound: Properties, told: Logger): Promise<Standalone> =>
    Standalone.open({ properties: sound, plugins: loader(dirname(resolve(file))), injector, logger: told })
  try {
    properties = { ...readPropertiesFile(file), ...ofEnvironment }
    return { standalone: await open(properties, logger), loader }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    mistakes.push(...bySource(file, error.problems, ofEnvironment))
    const sound = soundPart(properties, error.problems)
    return { standalone: await openSound(() => open(sound, createLogger({ level: 'silent' }))), loader }
  }
}

/** Offsets of connectors that are only looked at are kept in a topic that is never opened. */
const NOWHERE = { 'offset.storage.file.filename': '', 'offset.storage.topic': 'nowhere' }

function soundPart(properties: Properties, problems: readonly ConfigProblem[]): Properties {
  const wrong = problems.map(({ key }) => key)
  const kept = Object.entries(properties).filter(([key]) => !wrong.includes(key))
  const converters = wrong.filter(key => /^(key|value)\.converter$/.test(key)).map(key => [key, 'ByteArrayConverter'] as const)
  return { ...Object.fromEntries(kept), ...Object.fromEntries(converters), ...NOWHERE }
}

async function openSound(open: () => Promise<Standalone>): Promise<Standalone | undefined> {
  try {
    return await open()
  } catch (error) {
    if (error instanceof ConfigError) return undefined
    throw error
  }
}

/** What the environment says is told by the name that it has there. */
function bySource(file: string, problems: readonly ConfigProblem[], ofEnvironment: Properties): readonly FileProblems[] {
  const isOfEnvironment = ({ key }: ConfigProblem): boolean => ofEnvironment[key] !== undefined
  const renamed = problems.filter(isOfEnvironment).map(problem => ({ ...problem, key: environmentName(problem.key) }))
  const own = problems.filter(problem => !isOfEnvironment(problem))
  return [
    { file: 'environment', problems: renamed },
    { file, problems: own },
  ].filter(({ problems: some }) => some.length > 0)
}

function refuseTwice(name: string, file: string, fileOf: Map<string, string>): void {
  const other = fileOf.get(name)
  if (name !== '') fileOf.set(name, file)
  if (other === undefined) return
  throw new ConfigError([
    { key: 'name', value: name, message: `is the name of the connector of ${other} too; give each its own` },
  ])
}
