import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bridge, BridgeError, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { loadFor } from './load.ts'
import { MirrorProcess, mirrorProperties } from './mirror-process.ts'
import { settled } from './settled.ts'

/** CHAOS_SEED repeats a run's decisions, CHAOS_SECONDS makes it longer than the test runner's default time for a file allows. */
const SEED = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000)
const SECONDS = Number(process.env.CHAOS_SECONDS ?? 150)
const PARTITIONS = 6
/** Records per second. */
const RATE = 2_000
const TOPIC = 'stormy'

/** Mulberry32: numbers from 0 to 1. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

describe(`brokers and mirrors that fail at random, seed ${SEED}`, { timeout: (SECONDS + 140) * 1_000 }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    const options = { brokers: 3, heapMb: 320, config: { 'min.insync.replicas': '2' } } as const
    ;[source, target, bridge] = await Promise.all([
      startCluster({ name: 'a', ...options }),
      startCluster({ name: 'b', ...options }),
      startBridge(),
    ])
  })
  after(() => Promise.all([source?.stop(), target?.stop(), bridge?.close()]))

  test('nothing is missing and nothing out of order in the end', async t => {
    const next = random(SEED)
    const below = (n: number): number => Math.floor(next() * n)
    const pause = (minMs: number, maxMs: number): Promise<void> => sleep(minMs + below(maxMs - minMs))
    await bridge.createTopic(source, TOPIC, { partitions: PARTITIONS })
    const more = { 'A->B.topics': TOPIC, 'A.metadata.max.age.ms': '5000' }
    const start = (): MirrorProcess => {
      const mirror = new MirrorProcess({ properties: mirrorProperties(source, target, more) })
      t.after(() => mirror.kill())
      return mirror
    }
    const mirrors = [start(), start()]
    const replace = async (index: number, end: (mirror: MirrorProcess) => Promise<unknown>): Promise<void> => {
      await end(mirrors[index]!)
      mirrors[index] = start()
    }
    const frozen = async (pid: number | undefined, ms: number): Promise<void> => {
      if (pid === undefined) return
      process.kill(pid, 'SIGSTOP')
      await sleep(ms)
      process.kill(pid, 'SIGCONT')
    }
    const moveLeader = async (cluster: KafkaCluster, topic: string): Promise<void> => {
      const partition = below(PARTITIONS)
      const { leader, isr } = (await bridge.describeTopic(cluster, topic)).partitions[partition]!
      const others = isr.filter(id => id !== leader)
      if (others.length > 0) await bridge.moveLeader(cluster, topic, partition, others[below(others.length)]!)
    }
    const restartBroker = async (cluster: KafkaCluster): Promise<void> => {
      const broker = cluster.brokers[below(3)]!
      await broker.kill()
      await pause(200, 5_000)
      await broker.start()
    }
    const freezeBroker = (cluster: KafkaCluster): Promise<void> => frozen(cluster.brokers[below(3)]!.pid, 500 + below(6_000))
    const events: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['a broker of the source is killed', () => restartBroker(source)],
      ['a broker of the target is killed', () => restartBroker(target)],
      ['a broker of the source freezes', () => freezeBroker(source)],
      ['a broker of the target freezes', () => freezeBroker(target)],
      ['a leader of the source moves', () => moveLeader(source, TOPIC)],
      ['a leader of the target moves', () => moveLeader(target, `A.${TOPIC}`)],
      ['a mirror is stopped', () => replace(below(2), mirror => mirror.terminate())],
      ['a mirror is killed', () => replace(below(2), mirror => mirror.kill())],
      ['a mirror freezes', () => frozen(mirrors[below(2)]!.pid, 500 + below(6_000))],
    ]
    const load = await loadFor(t, bridge, source, TOPIC, { partitions: PARTITIONS, rate: RATE, codec: 'lz4' })
    await bridge.awaitRecords(target, `A.${TOPIC}`, RATE)
    const endsAt = performance.now() + SECONDS * 1_000
    const seen = new Map<string, number>()
    while (performance.now() < endsAt) {
      const [what, happen] = events[below(events.length)]!
      seen.set(what, (seen.get(what) ?? 0) + 1)
      await happen().catch((error: unknown) => {
        if (!(error instanceof BridgeError)) throw error
        t.diagnostic(`${what}: ${error.message}`)
      })
      await pause(100, 2_000)
    }
    const { acknowledged, failed } = await load.stop()
    const comparison = await settled(bridge, source, target, TOPIC)
    for (const [what, times] of seen) t.diagnostic(`${times} times ${what}`)
    t.diagnostic(`${comparison.source} records, ${comparison.duplicated} twice`)
    assert.deepEqual([failed, comparison.source], [0, acknowledged.reduce((sum, n) => sum + n)])
    const { missing, reordered, unexpected, altered } = comparison
    assert.deepEqual(
      { missing, reordered, unexpected, altered },
      { missing: 0, reordered: 0, unexpected: 0, altered: 0 },
      comparison.examples.join(),
    )
  })
})
