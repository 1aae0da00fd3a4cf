import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JavaOptions } from './java.ts'
import { type JavaService, startService } from './java-service.ts'
import { formatProperties } from './server-properties.ts'

export interface MirrorMakerOptions extends Pick<JavaOptions, 'version' | 'heapMb' | 'jvm'> {
  /** Of mm2.properties, as an object or as the file's text. */
  readonly properties: Readonly<Record<string, string>> | string
  /** Value of --clusters: which targets this process serves. */
  readonly clusters?: readonly string[]
}

export type MirrorMaker = JavaService

/**
 * Starts MirrorMaker 2 in dedicated mode. It takes five seconds until it copies; await what it writes with Bridge.awaitRecords.
 * Its internal topics get one replica unless the properties say otherwise.
 */
export async function startMirrorMaker(options: MirrorMakerOptions): Promise<MirrorMaker> {
  const { properties, clusters = [], ...java } = options
  return startService({ ...java, mainClass: 'org.apache.kafka.connect.mirror.MirrorMaker' }, folder => {
    const file = join(folder, 'mm2.properties')
    const text =
      typeof properties === 'string'
        ? properties
        : formatProperties({ ...ONE_REPLICA, ...listedPlugins(properties), ...properties })
    writeFileSync(file, text)
    return [file, ...(clusters.length > 0 ? ['--clusters', ...clusters] : [])]
  })
}

/** Plugins are those that the jars list: to look through all classes of the class path takes seconds, once per flow. */
function listedPlugins({ clusters = '' }: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(clusters.split(',').map(alias => [`${alias.trim()}.plugin.discovery`, 'SERVICE_LOAD']))
}

const ONE_REPLICA = {
  'replication.factor': '1',
  'offset.storage.replication.factor': '1',
  'status.storage.replication.factor': '1',
  'config.storage.replication.factor': '1',
  'heartbeats.topic.replication.factor': '1',
  'checkpoints.topic.replication.factor': '1',
  'offset-syncs.topic.replication.factor': '1',
}
