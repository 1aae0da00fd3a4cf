import assert from 'node:assert/strict'
import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { RunningCommand } from '../../examples/shared/running-command.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'

const KILLING_MS = 180_000
const LAST_MS = 60_000

/** Reads the file that the test appends to; its lines are JSON already. */
const LINES = `name=lines
connector.class=org.apache.kafka.connect.file.FileStreamSourceConnector
file=\${env:FOLDER}/orders.txt
topic=orders
value.converter=org.apache.kafka.connect.storage.StringConverter
`

describe('a worker with a source and a sink, killed at random moments', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-killed-'))
  let cluster: KafkaCluster
  let bridge: Bridge

  before(async () => {
    ;[cluster, bridge] = await Promise.all([startCluster(), startBridge()])
    await bridge.createTopic(cluster, 'orders', { partitions: 3 })
    writeFileSync(SOURCE, LINES)
  })
  after(async () => {
    await Promise.all([bridge?.close(), cluster?.stop()])
    rmSync(folder, { recursive: true })
  })

  const SINK = 'examples/sqlite-sink/orders.properties'
  const SOURCE = join(folder, 'lines.properties')
  const startWorker = (...connectors: string[]): RunningCommand =>
    new RunningCommand({
      args: ['connect', 'standalone', 'examples/sqlite-sink/worker.properties', ...connectors],
      env: { KAFKA: cluster.bootstrapServers, FOLDER: folder },
    })

  /** Runs a worker until that holds. */
  async function runUntil(holds: () => Promise<boolean>, ...connectors: string[]): Promise<void> {
    const worker = startWorker(...connectors)
    const deadline = performance.now() + LAST_MS
    while (!(await holds()) && performance.now() < deadline) await sleep(200)
    await worker.stop()
  }

  function numbersInTable(): number[] {
    const path = join(folder, 'orders.db')
    if (!existsSync(path)) return []
    const database = new DatabaseSync(path, { timeout: 5_000 })
    try {
      return database
        .prepare('SELECT number FROM orders')
        .all()
        .map(row => Number(row.number))
    } finally {
      database.close()
    }
  }

  test('nothing is lost, and the table has each record of the topic once', { timeout: KILLING_MS + 3 * LAST_MS }, async () => {
    let written = 0
    let isWriting = true
    const writing = (async () => {
      while (isWriting) {
        const lines = Array.from({ length: 20 }, (_, i) => `${JSON.stringify({ number: written + i, customer: 'c' })}\n`)
        appendFileSync(join(folder, 'orders.txt'), lines.join(''))
        written += lines.length
        await sleep(20)
      }
    })()
    const killUntil = performance.now() + KILLING_MS
    let kills = 0
    let advances = 0
    while (performance.now() < killUntil) {
      const before = numbersInTable().length
      const worker = startWorker(SOURCE, SINK)
      await sleep(500 + Math.random() * 12_000)
      await worker.kill()
      kills++
      if (numbersInTable().length > before) advances++
    }
    isWriting = false
    await writing

    const numbersInTopic = async (): Promise<number[]> => {
      const records = await bridge.dump(cluster, 'orders')
      return records.map(({ value }) => (JSON.parse(`${value}`) as { number: number }).number)
    }
    await runUntil(async () => new Set(await numbersInTopic()).size >= written, SOURCE)
    const inTopic = await numbersInTopic()
    await runUntil(async () => numbersInTable().length >= inTopic.length, SINK)
    const inTable = numbersInTable()
    const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b)
    assert.ok(kills >= 15 && advances >= 5, `${kills} kills, after ${advances} of them the table had grown`)
    assert.equal(new Set(inTopic).size, written, 'every line is in the topic')
    assert.deepEqual(sorted(inTable), sorted(inTopic), 'every record of the topic is in the table, once')
    console.log(`${kills} kills; ${written} lines, ${inTopic.length} records, ${inTable.length} rows`)
  })
})
