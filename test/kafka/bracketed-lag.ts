import assert from 'node:assert/strict'
import type { Bridge, Isolation, KafkaCluster } from '../kafka-tool/index.ts'
import { sum } from './independent-counts.ts'
import { flowLag, ofPartition, type WatchedMirror } from './watched-mirror.ts'

/** What the source has beyond what was copied, by partition, as Java's admin client tells. */
export async function lagNow(
  bridge: Bridge,
  source: KafkaCluster,
  topic: string,
  copied: readonly number[],
  isolation: Isolation = 'read_committed',
): Promise<number[]> {
  const ends = await bridge.offsets(source, topic, { isolation })
  return ends.map(({ partition, earliest, latest }) => latest - Math.max(earliest, copied[partition] ?? 0))
}

export interface LagExpected {
  readonly bridge: Bridge
  readonly source: KafkaCluster
  readonly topic: string
  /** Offsets of the source up to which the target has it. */
  readonly copied: readonly number[]
  /** How old the figure may be. */
  readonly staleMs: number
}

/** What waits now is shown within `staleMs`, and then no more than waits by then: by partition and flow. */
export async function assertLag(mirror: WatchedMirror, { bridge, source, topic, copied, staleMs }: LagExpected): Promise<void> {
  const least = await lagNow(bridge, source, topic, copied)
  const lagsOf = (shown: Parameters<typeof ofPartition>[0]): number[] =>
    least.map((_, partition) => ofPartition(shown, 'lag_records', topic, partition) ?? -1)
  const isNew = (lags: readonly number[]): boolean => lags.every((lag, partition) => lag >= least[partition]!)
  const shown = await mirror.scraped(`a lag of ${least}`, one => isNew(lagsOf(one)), staleMs)
  const most = await lagNow(bridge, source, topic, copied)
  const lags = lagsOf(shown)
  assert.ok(
    lags.every((lag, partition) => lag <= most[partition]!),
    `${lags} of at most ${most}`,
  )
  assert.equal(flowLag(shown), sum(lags), 'the flow has what its partitions have')
}
