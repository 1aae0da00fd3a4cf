import { setTimeout as wait } from 'node:timers/promises'
import { MirrorClient } from 'isthmus/connectors/mirror'
import type { Bridge, KafkaCluster } from '../../test/kafka-tool/index.ts'

const DEADLINE_MS = 20_000
const ASK_EVERY_MS = 200

/**
 * Waits until standby knows where the groups stand on primary, with all they have committed. Whatever a group reads after its last
 * checkpoint is read again after a failover without primary. No offset differs between the clusters here, as both logs begin together.
 */
export async function awaitCheckpoints(
  bridge: Bridge,
  primary: KafkaCluster,
  standby: KafkaCluster,
  groups: readonly string[],
): Promise<void> {
  const client = new MirrorClient({
    'bootstrap.servers': standby.bootstrapServers,
    'replication.policy.class': 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy',
    'source.cluster.alias': 'primary',
  })
  const deadline = Date.now() + DEADLINE_MS
  try {
    for (const group of groups) {
      const committed = placesOf(await bridge.groupOffsets(primary, group))
      for (;;) {
        const isThere = (await client.checkpointTopics()).length > 0
        if (isThere && placesOf(await client.remoteConsumerOffsets(group, 'primary')) === committed) break
        if (Date.now() > deadline) throw new Error(`no checkpoints of ${group} at ${committed} within ${DEADLINE_MS} ms`)
        await wait(ASK_EVERY_MS)
      }
    }
  } finally {
    await client.close()
  }
}

interface Place {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

function placesOf(places: readonly Place[]): string {
  return places
    .map(({ topic, partition, offset }) => `${topic}-${partition} ${offset}`)
    .sort()
    .join(', ')
}
