import type { Cluster } from '../cluster.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import { describeConfigs } from '../protocol/topics.ts'

const BROKER = 4

/** One setting of a broker, any one of them; undefined where we may not know. */
export const brokerSetting = async (cluster: Cluster, name: string): Promise<string | undefined> => {
  await cluster.anyConnection()
  const [nodeId] = cluster.brokerIds
  if (nodeId === undefined) return undefined
  const connection = await cluster.connection(nodeId, 'control')
  const response = await connection.send(describeConfigs, {
    resources: [{ resourceType: BROKER, resourceName: String(nodeId), keys: [name] }],
    includeSynonyms: false,
  })
  const [result] = response.results
  if (result === undefined || result.errorCode !== ErrorCode.NONE) return undefined
  return result.configs.find(config => config.name === name)?.value ?? undefined
}
