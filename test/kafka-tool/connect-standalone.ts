import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { kafkaJars } from './jars.ts'
import type { JavaOptions } from './java.ts'
import { type JavaService, startService } from './java-service.ts'
import { formatProperties } from './server-properties.ts'

type Properties = Readonly<Record<string, string>>

export interface ConnectStandaloneOptions extends Pick<JavaOptions, 'version' | 'heapMb' | 'jvm' | 'logLevel'> {
  /**
   * Of the worker. By default String and JSON without schemas convert, offsets are kept in a file that is gone with the process
   * (`offset.storage.file.filename` keeps them), and the REST server takes any port of the loopback address.
   */
  readonly worker: Properties
  /** Each with its `name` and `connector.class`; FileStreamSource and FileStreamSink are there. */
  readonly connectors: readonly Properties[]
}

export type ConnectStandalone = JavaService

/** Starts Java's Connect standalone. It takes some seconds until its connectors run. */
export async function startConnectStandalone(options: ConnectStandaloneOptions): Promise<ConnectStandalone> {
  const { worker, connectors, ...java } = options
  const files = await connectorJars(options.version)
  return startService({ ...java, mainClass: CONNECT_STANDALONE }, folder => {
    const write = (name: string, properties: Properties): string => {
      const file = join(folder, name)
      writeFileSync(file, formatProperties(properties))
      return file
    }
    const offsets = { 'offset.storage.file.filename': join(folder, 'offsets') }
    return [
      write('worker.properties', { ...PRESETS, ...offsets, 'plugin.path': files, ...worker }),
      ...connectors.map((connector, i) => write(`connector-${i}.properties`, connector)),
    ]
  })
}

export const CONNECT_STANDALONE = 'org.apache.kafka.connect.cli.ConnectStandalone'

/** Value of `plugin.path` with which Connect finds the file connectors, as its quick start has it. */
export async function connectorJars(version?: string): Promise<string> {
  return (await kafkaJars(version)).filter(jar => basename(jar).startsWith('connect-file-')).join()
}

const PRESETS: Properties = {
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter.schemas.enable': 'false',
  listeners: 'http://127.0.0.1:0',
  // Only what the jars list: to look through all classes of the class path takes seconds.
  'plugin.discovery': 'SERVICE_LOAD',
}
