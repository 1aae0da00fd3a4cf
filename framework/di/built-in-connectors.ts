import { extname } from 'node:path'
import type { AnyClass } from './make-plugin.ts'
import type { PluginRegistry } from './plugins.ts'

interface BuiltIn {
  /** From here, without the extension, which is that of this file. */
  readonly module: string
  readonly javaPackage: string
  readonly classes: readonly string[]
}

const builtIns: readonly BuiltIn[] = [
  {
    module: '../../connectors/file/index',
    javaPackage: 'org.apache.kafka.connect.file.',
    classes: ['FileStreamSourceConnector', 'FileStreamSinkConnector'],
  },
  {
    module: '../../connectors/mirror/worker/index',
    javaPackage: 'org.apache.kafka.connect.mirror.',
    classes: ['MirrorSourceConnector', 'MirrorCheckpointConnector', 'MirrorHeartbeatConnector'],
  },
]

/** Makes the connectors that come with the package known by their Java names, by those without the package, and without `Connector`. */
export function registerConnectors(registry: Pick<PluginRegistry, 'registerLater'>): void {
  for (const { module, javaPackage, classes } of builtIns) {
    for (const name of classes) {
      const load = (): Promise<AnyClass> => importClass(module, name)
      for (const alias of [name, javaPackage + name, name.replace(/Connector$/, '')]) registry.registerLater(alias, load)
    }
  }
}

async function importClass(module: string, name: string): Promise<AnyClass> {
  const extension = extname(new URL(import.meta.url).pathname)
  const exports: Readonly<Record<string, unknown>> = await import(new URL(module + extension, import.meta.url).href)
  return exports[name] as AnyClass
}
