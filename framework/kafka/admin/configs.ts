import { type Cluster, check } from '../cluster.ts'
import { describeConfigs, incrementalAlterConfigs } from '../protocol/topics.ts'
import { inChunks } from './chunks.ts'

const TOPIC = 2
/** `configSource` of the protocol by number. */
const SOURCES = [
  'unknown',
  'topic',
  'dynamic-broker',
  'dynamic-default-broker',
  'static-broker',
  'default',
  'dynamic-broker-logger',
] as const
const SET = 0
const DELETE = 1

export type ConfigSource = (typeof SOURCES)[number]

export interface TopicConfigEntry {
  readonly name: string
  readonly value: string | null
  readonly source: ConfigSource
  readonly readOnly: boolean
  readonly sensitive: boolean
}

/** Every setting of each topic, with where its value comes from. Rejects when one topic cannot be described. */
export const describeTopicConfigs = async (
  cluster: Cluster,
  topics: readonly string[],
): Promise<ReadonlyMap<string, readonly TopicConfigEntry[]>> => {
  const described = new Map<string, readonly TopicConfigEntry[]>()
  for (const chunk of inChunks(topics)) {
    const response = await cluster.request(describeConfigs, {
      resources: chunk.map(resourceName => ({ resourceType: TOPIC, resourceName, keys: null })),
      includeSynonyms: false,
    })
    for (const result of response.results) {
      check(result.errorCode, `describing the configuration of topic ${result.resourceName}`, 'discovery', result.errorMessage)
      described.set(
        result.resourceName,
        result.configs.map(({ name, value, configSource, readOnly, isSensitive }) => ({
          name,
          value,
          source: SOURCES[configSource] ?? 'unknown',
          readOnly,
          sensitive: isSensitive,
        })),
      )
    }
  }
  return described
}

/** A setting to give a topic; null = back to the cluster's default. */
export interface ConfigChange {
  readonly name: string
  readonly value: string | null
}

/** What became of one named thing of a bulk request. */
export interface AdminResult {
  readonly name: string
  readonly errorCode: number
  readonly errorMessage: string | null
}

/** Changes these settings of each topic and leaves the others (IncrementalAlterConfigs). */
export const alterTopicConfigs = async (
  cluster: Cluster,
  changes: ReadonlyMap<string, readonly ConfigChange[]>,
): Promise<readonly AdminResult[]> => {
  const results: AdminResult[] = []
  for (const chunk of inChunks([...changes])) {
    const connection = await cluster.controllerConnection()
    const response = await connection.send(incrementalAlterConfigs, {
      resources: chunk.map(([resourceName, configs]) => ({
        resourceType: TOPIC,
        resourceName,
        configs: configs.map(({ name, value }) => ({ name, operation: value === null ? DELETE : SET, value })),
      })),
      validateOnly: false,
    })
    results.push(
      ...response.responses.map(({ resourceName, errorCode, errorMessage }) => ({ name: resourceName, errorCode, errorMessage })),
    )
  }
  return results
}
