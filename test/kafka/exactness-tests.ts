import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { MirrorClient } from '../../connectors/mirror/index.ts'
import { startBridge, startCluster } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { assertNeverHighNorBack, checkpointHistory, lastOf, notAt, standings } from './exactness-checkpoints.ts'
import { assertReadsOn } from './exactness-failover.ts'
import { type Clusters, runScenario, type Scenario, type ScenarioOptions } from './exactness-scenario.ts'
import { translateAll } from './exactness-translations.ts'

export interface ExactnessOptions extends Omit<ScenarioOptions, 'seed'> {
  /** For all of it. */
  readonly timeoutMs: number
}

/** EXACTNESS_SEED repeats what a run decided, if not its timing. */
const SEED = Number(process.env.EXACTNESS_SEED ?? Date.now() % 1_000_000)
const SEEDED = `EXACTNESS_SEED=${SEED}`

/** Lets a seed decide what happens, then holds what groups are told against what the two logs hold. */
export function testExactness({ timeoutMs, ...options }: ExactnessOptions): void {
  describe(`offsets of groups after random events, ${SEEDED}`, { concurrency: false, timeout: timeoutMs }, () => {
    let clusters: Clusters
    let scenario: Scenario
    before(async () => {
      const [source, target, bridge] = await Promise.all([
        startCluster({ name: 'a' }),
        startCluster({ name: 'b' }),
        startBridge(),
      ])
      clusters = { source, target, bridge }
      scenario = await runScenario(clusters, { ...options, seed: SEED })
    })
    after(async () => {
      await scenario?.mirror.kill()
      await Promise.all([clusters?.bridge.close(), clusters?.source.stop(), clusters?.target.stop()])
    })

    test('whatever offset was committed translates to exactly the right one, and by less knowledge never past it', async t => {
      t.diagnostic(`${SEEDED}: ${scenario.story.join(', ')}`)
      const repeated = scenario.partitions.filter(partition => partition.repeated > 0)
      t.diagnostic(`copied twice: ${repeated.map(({ name, repeated }) => `${repeated} of ${name}`).join(', ') || 'nothing'}`)
      const { cases } = await eventually(
        `exact translations, ${SEEDED}`,
        () => translateAll(clusters, scenario.partitions),
        ({ wrong }) => wrong.length === 0,
      )
      t.diagnostic(`${cases} offsets`)
    })

    test('what was copied by mirrors that were stopped cleanly is there once', () => {
      const calm = scenario.partitions.filter(({ topic }) => topic === 'calm')
      assert.deepEqual(
        calm.map(({ repeated }) => repeated),
        [0, 0],
        SEEDED,
      )
    })

    test('checkpoints of all groups are exact, and none was ever high or went back', async t => {
      const wanted = await standings(clusters, scenario)
      t.diagnostic(`${wanted.length} partitions of groups`)
      await eventually(
        `checkpoints, ${SEEDED}`,
        async () => {
          const written = await checkpointHistory(clusters)
          const offsets = new Map([...lastOf(written)].map(([key, { downstreamOffset }]) => [key, downstreamOffset]))
          return notAt(wanted, offsets)
        },
        wrong => wrong.length === 0,
      )
      assertNeverHighNorBack(await checkpointHistory(clusters), scenario.partitions)
      const client = new MirrorClient({ 'bootstrap.servers': clusters.target.bootstrapServers })
      try {
        for (const group of scenario.groups.setNames.slice(0, 20)) {
          const told = await client.remoteConsumerOffsets(group, 'A')
          const offsets = new Map(told.map(({ topic, partition, offset }) => [`${group} in ${topic}-${partition}`, offset]))
          const wantedOfGroup = wanted.filter(standing => standing.group === group)
          assert.deepEqual(notAt(wantedOfGroup, offsets), [], SEEDED)
        }
      } finally {
        await client.close()
      }
    })

    test('groups of the target are set to exactly that', async () => {
      const wanted = await standings(clusters, scenario)
      await eventually(
        `offsets of groups on B, ${SEEDED}`,
        async () => notAt(wanted, await offsetsAtTarget(clusters, scenario)),
        wrong => wrong.length === 0,
      )
    })

    test('with the source gone, groups that had stopped cleanly go on at the target and have read each record once', async t => {
      const wanted = await standings(clusters, scenario)
      await eventually(
        `offsets of groups on B, ${SEEDED}`,
        async () => notAt(wanted, await offsetsAtTarget(clusters, scenario)),
        wrong => wrong.length === 0,
      )
      await clusters.source.brokers[0]!.kill()
      for (const group of scenario.groups.readNames) {
        const ofGroup = wanted.filter(standing => standing.group === group)
        const positions = new Map(ofGroup.map(({ partition, committed }) => [partition.name, committed]))
        const { atSource, once, moreOften } = await assertReadsOn(clusters, scenario, group, positions)
        t.diagnostic(`${group}: ${atSource} at the source, ${once} at the target, ${moreOften} that a killed mirror copied again`)
      }
    })
  })
}

async function offsetsAtTarget({ bridge, target }: Clusters, { groups }: Scenario): Promise<ReadonlyMap<string, number>> {
  const found = [...groups.setNames, ...groups.readNames].map(async group => {
    const offsets = await bridge.groupOffsets(target, group)
    return offsets.map(({ topic, partition, offset }) => [`${group} in ${topic}-${partition}`, offset] as const)
  })
  return new Map((await Promise.all(found)).flat())
}
