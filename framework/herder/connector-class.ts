import { ConfigError, SinkConnector, SourceConnector } from '../api/index.ts'
import type { Injector } from '../api/injection.ts'
import type { MakePlugin, PluginContract, PluginLoader } from '../api/plugin.ts'

type Properties = Readonly<Record<string, string>>

export type ConnectorType = new (...services: never[]) => SourceConnector | SinkConnector

/** How to make instances of a connector's class, and of which kind they are. */
export type ConnectorClass =
  | { readonly kind: 'source'; readonly sample: SourceConnector; readonly make: () => SourceConnector }
  | { readonly kind: 'sink'; readonly sample: SinkConnector; readonly make: () => SinkConnector }

const KEY = 'connector.class'
const CONTRACT: PluginContract<SourceConnector | SinkConnector> = {
  what: 'a connector',
  methods: ['start', 'taskConfigs', 'createTask'],
}

export interface ConnectorClassOptions {
  readonly plugins: PluginLoader
  readonly injector: Injector
  readonly config: Properties
  /** Instead of what the configuration names. */
  readonly type?: ConnectorType | undefined
}

/**
 * Finds the class that `connector.class` names and makes one instance, to see what it is; undefined where no class is named at all.
 * @throws ConfigError
 */
export async function findConnectorClass(options: ConnectorClassOptions): Promise<ConnectorClass | undefined> {
  const { injector, config, type } = options
  if (type === undefined && (config[KEY] ?? '').trim() === '') return undefined
  const make = type === undefined ? await load(options) : constructing(type)
  const sample = make(injector, {})
  const kind = kindOf(sample)
  if (kind === 'source') return { kind, sample: sample as SourceConnector, make: () => make(injector, {}) as SourceConnector }
  if (kind === 'sink') return { kind, sample: sample as SinkConnector, make: () => make(injector, {}) as SinkConnector }
  const message = `${sample.constructor.name} is neither a source nor a sink: extend SourceConnector or SinkConnector of isthmus`
  throw new ConfigError([{ key: KEY, ...(config[KEY] === undefined ? {} : { value: config[KEY] }), message, fault: 'plugin' }])
}

function load({ plugins, config }: ConnectorClassOptions): Promise<MakePlugin<SourceConnector | SinkConnector>> {
  return plugins.load({ key: KEY, value: config[KEY] ?? '' }, CONTRACT)
}

function constructing(type: ConnectorType): MakePlugin<SourceConnector | SinkConnector> {
  return injector => injector.construct(type as new () => SourceConnector | SinkConnector)
}

function kindOf(sample: SourceConnector | SinkConnector): ConnectorClass['kind'] | undefined {
  if (isKind(sample, SourceConnector)) return 'source'
  if (isKind(sample, SinkConnector)) return 'sink'
  return kindOfTask(sample)
}

/** Also one of another copy of the package: an author's own. */
function isKind(sample: object, base: typeof SourceConnector | typeof SinkConnector): boolean {
  for (let type: unknown = sample.constructor; typeof type === 'function'; type = Object.getPrototypeOf(type)) {
    if (type === base || type.name === base.name) return true
  }
  return false
}

/** A module without the package has no class to extend: what its tasks can do tells what it is. One that makes no task tells nothing. */
function kindOfTask(sample: SourceConnector | SinkConnector): ConnectorClass['kind'] | undefined {
  try {
    const task = sample.createTask() as { readonly batches?: unknown; readonly deliver?: unknown } | undefined
    if (typeof task?.batches === 'function') return 'source'
    return typeof task?.deliver === 'function' ? 'sink' : undefined
  } catch {
    return undefined
  }
}
