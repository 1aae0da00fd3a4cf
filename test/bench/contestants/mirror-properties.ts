import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatProperties } from '../../kafka-tool/server-properties.ts'
import { cacheFolder } from '../paths.ts'
import type { Job } from './contestant.ts'

const INTERNAL_TOPICS = [
  'offset.storage',
  'status.storage',
  'config.storage',
  'heartbeats.topic',
  'checkpoints.topic',
  'offset-syncs.topic',
]

/** The least an mm2.properties file for one flow between single-broker clusters holds; everything else is left at its default. */
export const mirrorProperties = ({
  source,
  target,
  alias,
  topic,
}: Pick<Job, 'source' | 'target' | 'alias' | 'topic'>): Record<string, string> => ({
  clusters: `${alias}, target`,
  [`${alias}.bootstrap.servers`]: source.bootstrapServers,
  'target.bootstrap.servers': target.bootstrapServers,
  [`${alias}->target.enabled`]: 'true',
  [`${alias}->target.topics`]: topic,
  'replication.factor': '1',
  ...Object.fromEntries(INTERNAL_TOPICS.map(name => [`${name}.replication.factor`, '1'])),
})

/** @returns the file's path */
export const writeProperties = (name: string, properties: Readonly<Record<string, string>>): string => {
  mkdirSync(cacheFolder, { recursive: true })
  const file = join(cacheFolder, `${name}.properties`)
  writeFileSync(file, formatProperties(properties))
  return file
}
