import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { RunningSink } from './running-sink.ts'

const CHANGES = 8

describe('sinks of one group that come and go under load', { timeout: 120_000 }, () => {
  let kafka: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[kafka, bridge] = await Promise.all([startCluster({ name: 'members' }), startBridge()])
  })
  after(() => Promise.all([kafka?.stop(), bridge?.close()]))

  for (const assignors of [['range'], ['cooperative-sticky']] as const) {
    test(`write every record exactly once between them, all committed at the end: ${assignors.join()}`, async t => {
      const topic = `members-${assignors.join()}`
      await bridge.createTopic(kafka, topic, { partitions: 6 })
      const all: RunningSink[] = []
      const start = (): RunningSink => {
        const sink = new RunningSink(kafka, {
          group: topic,
          selection: { topics: [topic] },
          settings: { assignors, commitIntervalMs: 5, maxRecords: 10, sessionTimeoutMs: 10_000 },
          write: () => sleep(3),
        })
        all.push(sink)
        t.after(() => sink.stop())
        return sink
      }
      const written = (): number => all.reduce((sum, { task }) => sum + task.records.length, 0)
      const running = [start()]
      const load = await bridge.startLoad(kafka, topic, { partitions: 6, rate: 600 })
      for (let change = 0; change < CHANGES; change++) {
        const before = written()
        await eventually(
          'progress',
          async () => written(),
          count => count > before + 100,
        )
        if (running.length < 3 && change % 3 !== 2) running.push(start())
        else await running.shift()?.stop()
      }
      const { acknowledged } = await load.stop()
      const total = acknowledged.reduce((sum, count) => sum + count)
      await eventually(
        'all written',
        async () => written(),
        count => count >= total,
      )
      for (const sink of running) await sink.stop()
      const seen = all.flatMap(({ task }) => task.records.map(({ partition, offset }) => `${partition}/${offset}`))
      const lines = all.flatMap(({ logger }) => logger.lines.filter(({ level }) => level === 'warn' || level === 'error'))
      assert.deepEqual(
        lines.map(({ message }) => message),
        [],
      )
      assert.deepEqual([new Set(seen).size, seen.length], [total, total])
      const committed = (await bridge.groupOffsets(kafka, topic)).reduce((sum, { offset }) => sum + offset, 0)
      assert.equal(committed, total)
      t.diagnostic(`${total} records, ${all.length} members`)
    })
  }
})
