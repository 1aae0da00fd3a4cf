import type { Bridge, KafkaCluster } from '../../test/kafka-tool/index.ts'
import type { Report } from './commands.ts'

/** What lies on primary at the offsets that a plan of `isthmus failback` lists: what one would copy by hand. */
export async function neverCopiedOrders(
  bridge: Bridge,
  primary: KafkaCluster,
  { neverCopied }: Pick<Report, 'neverCopied'>,
): Promise<readonly string[]> {
  const topics = [...new Set(neverCopied.map(({ topic }) => topic))]
  const records = (await Promise.all(topics.map(topic => bridge.dump(primary, topic)))).flat()
  return records
    .filter(({ topic, partition, offset }) =>
      neverCopied.some(
        range =>
          range.topic === topic && range.partition === partition && range.firstOffset <= offset && offset <= range.lastOffset,
      ),
    )
    .map(({ value }) => `${value}`)
}
