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
    writeFileSync(file, typeof properties === 'string' ? properties : formatProperties({ ...ONE_REPLICA, ...properties }))
    return [file, ...(clusters.length > 0 ? ['--clusters', ...clusters] : [])]
  })
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
