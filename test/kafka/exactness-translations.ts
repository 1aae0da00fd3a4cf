import assert from 'node:assert/strict'
import { FlowTranslation } from '../../connectors/mirror/translation/flow-translation.ts'
import { readTranslation } from '../../connectors/mirror/translation/read-translation.ts'
import { DefaultReplicationPolicy } from '../../policies/index.ts'
import type { CopiedPartition } from './exactness-history.ts'
import type { Clusters } from './exactness-scenario.ts'
import { testClient } from './test-cluster.ts'

export interface Translations {
  /** Committed offsets that were translated. */
  readonly cases: number
  /** Those that still exist at the source and did not translate exactly. */
  readonly wrong: readonly string[]
}

/**
 * Translates each offset of each partition, from 0 to the log's end, by what is stored now: by all of it, by the map alone, by offset syncs alone.
 * @throws AssertionError when one is high, whatever it was translated by: past the exact one, or past the first record that the source still has
 */
export async function translateAll({ source, target }: Clusters, partitions: readonly CopiedPartition[]): Promise<Translations> {
  const [there, here] = [testClient(source.bootstrapServers), testClient(target.bootstrapServers)]
  const options = { sourceAlias: 'A', targetAlias: 'B', policy: new DefaultReplicationPolicy() }
  try {
    const read = await readTranslation({
      ...options,
      source: there.cluster,
      target: here.cluster,
      syncs: { cluster: there.cluster, topic: 'mm2-offset-syncs.B.internal' },
      signal: AbortSignal.timeout(30_000),
    })
    const { map, syncs } = read.there
    const by = (what: typeof read.there) => new FlowTranslation({ ...options, there: () => what, back: () => read.back }).now()
    const ways = [
      ['all', by(read.there)],
      ['the map', by({ map, syncs: null })],
      ['offset syncs', by({ map: null, syncs })],
    ] as const
    const wrong: string[] = []
    let cases = 0
    for (const partition of partitions) {
      for (let committed = 0; committed <= partition.latest; committed++, cases++) {
        const exact = partition.exact(committed)
        const highest = committed < partition.earliest ? partition.exact(partition.earliest) : exact
        for (const [name, translation] of ways) {
          const translated = translation.translate(partition.topic, partition.partition, committed)
          const offset = translated === null ? -1 : partition.resume(translated.offset)
          const what = `${partition.name} at ${committed} by ${name}: ${JSON.stringify(translated)}, exact is ${exact}`
          assert.ok(offset <= highest && (translated?.offset ?? 0) <= partition.targetEnd, `high: ${what}`)
          const isExact = offset === exact && translated?.exactness === 'exact'
          if (name === 'all' && committed >= partition.earliest && !isExact) wrong.push(what)
        }
      }
    }
    return { cases, wrong }
  } finally {
    await Promise.all([there.cluster.close(), here.cluster.close()])
  }
}
