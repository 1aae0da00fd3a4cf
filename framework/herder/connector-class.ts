import { ConfigError, SinkConnector, SourceConnector } from '../api/index.ts'
import type { Injector } from '../api/injection.ts'
import type { MakePlugin, PluginContract, PluginLoader } from '../api/plugin.ts'

type Properties = Readonly<Record<string, string>>

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
  readonly type?: (new (...services: never[]) => SourceConnector | SinkConnector) | undefined
  readonly importLimitMs: number
}

/**
 * Finds the class that `connector.class` names and makes one instance, to see what it is.
 * @throws ConfigError
 */
export async function findConnectorClass(options: ConnectorClassOptions): Promise<ConnectorClass> {
  const { injector, config, type } = options
  const make =
    type === undefined
      ? await load(options)
      : (): SourceConnector | SinkConnector => injector.construct(type as new () => SourceConnector)
  const sample = make(injector, {})
  if (isSource(sample)) return { kind: 'source', sample, make: () => make(injector, {}) as SourceConnector }
  if (isSink(sample)) return { kind: 'sink', sample, make: () => make(injector, {}) as SinkConnector }
  throw problem(config, `${nameOf(sample)} is neither a source nor a sink: extend SourceConnector or SinkConnector of isthmus`)
}

async function load({
  plugins,
  config,
  importLimitMs,
}: ConnectorClassOptions): Promise<MakePlugin<SourceConnector | SinkConnector>> {
  const loading = plugins.load({ key: KEY, value: config[KEY] ?? '' }, CONTRACT)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const message = `the module has not finished loading within ${importLimitMs / 1000} s: something at its top level waits`
    timer = setTimeout(() => reject(problem(config, message)), importLimitMs)
  })
  try {
    return await Promise.race([loading, late])
  } finally {
    clearTimeout(timer)
  }
}

function nameOf(instance: object): string {
  return instance.constructor.name
}

function isSource(sample: object): sample is SourceConnector {
  return isKind(sample, SourceConnector)
}

function isSink(sample: object): sample is SinkConnector {
  return isKind(sample, SinkConnector)
}

/** Also one of another copy of the package: an author's own. */
function isKind(sample: object, base: typeof SourceConnector | typeof SinkConnector): boolean {
  for (let type: unknown = sample.constructor; typeof type === 'function'; type = Object.getPrototypeOf(type)) {
    if (type === base || type.name === base.name) return true
  }
  return false
}

function problem(config: Properties, message: string): ConfigError {
  return new ConfigError([{ key: KEY, ...(config[KEY] === undefined ? {} : { value: config[KEY] }), message }])
}
