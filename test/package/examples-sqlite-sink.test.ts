import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import type { ConnectError } from 'isthmus'
import { SinkHarness, sinkConformance } from 'isthmus/testing'
import { OrdersTask } from '../../examples/sqlite-sink/orders-task.ts'
import { runProgram } from './running-program.ts'

test('sqlite-sink: killed three times at random moments, it has each order exactly once, exit code 0', async () => {
  const example = runProgram('examples/main.ts', 'sqlite-sink')
  const [code] = await example.ended
  const output = example.output()
  assert.equal(code, 0, output)
  assert.equal(output.match(/SIGKILL \d: the table has \d+ of \d+ orders/g)?.length, 3, output)
  const [, written, rows, different] = /(\d+) orders were written, the table has (\d+) rows of (\d+) orders/.exec(output) ?? []
  assert.ok(Number(written) > 500, output)
  assert.deepEqual([rows, different], [written, written])
})

describe('its task, without Kafka', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-sqlite-sink-'))
  after(() => rmSync(folder, { recursive: true }))

  const ordersOf = (...numbers: number[]) => numbers.map(number => ({ value: JSON.stringify({ number, customer: 'c' }) }))
  const partition = { topic: 'orders', partition: 0 }

  function start(name: string, offsets: ReadonlyMap<string, number> = new Map()): Promise<SinkHarness> {
    return SinkHarness.start(new OrdersTask(), { config: { database: join(folder, name) }, offsets })
  }

  function numbersIn(name: string): unknown[] {
    const database = new DatabaseSync(join(folder, name))
    const rows = database.prepare('SELECT number FROM orders ORDER BY rowid').all()
    database.close()
    return rows.map(row => row.number)
  }

  test('what was written and not committed to Kafka is not written again', async () => {
    const first = await start('restart.db')
    await first.deliver('orders', 0, ordersOf(1, 2))
    await first.settled()
    await first.kill()
    assert.equal(first.committed.get('orders-0'), undefined)
    const second = await start('restart.db')
    await second.assign(partition)
    await second.deliver('orders', 0, ordersOf(3))
    await second.settled()
    await second.stop()
    assert.deepEqual(numbersIn('restart.db'), [1, 2, 3])
    assert.equal(second.committed.get('orders-0'), 3)
  })

  test('a task whose partition another has taken over writes nothing any more', async () => {
    const zombie = await start('zombie.db')
    await zombie.deliver('orders', 0, ordersOf(1))
    await zombie.settled()
    const successor = await start('zombie.db')
    await successor.assign(partition)
    await zombie.deliver('orders', 0, ordersOf(2))
    await zombie.settled()
    assert.deepEqual(
      zombie.failedPartitions.map(({ error }) => error.code),
      ['FENCED'],
    )
    await successor.deliver('orders', 0, ordersOf(2))
    await successor.settled()
    assert.deepEqual(successor.failedPartitions, [])
    assert.deepEqual(numbersIn('zombie.db'), [1, 2])
    await Promise.all([zombie.kill(), successor.stop()])
  })

  test('a record that is no order stops its partition and names it', async () => {
    const harness = await start('no-order.db')
    await harness.deliver('orders', 0, [...ordersOf(1), { value: '{"number":"two"}' }])
    await harness.settled()
    const [failed] = harness.failedPartitions as readonly { readonly error: ConnectError }[]
    assert.match(failed?.error.message ?? '', /record 1 of orders-0 is no order/)
    assert.deepEqual(numbersIn('no-order.db'), [])
    await harness.kill()
  })
})

describe('its task keeps the contract of sinks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-sqlite-contract-'))
  after(() => rmSync(folder, { recursive: true }))
  let databases = 0

  const suite = sinkConformance({
    create: () => new OrdersTask(),
    config: () => ({ database: join(folder, `${databases++}.db`) }),
    record: number => ({ value: JSON.stringify({ number, customer: 'c' }) }),
    read: ({ database }) => {
      const opened = new DatabaseSync(database!)
      const rows = opened.prepare('SELECT number, customer FROM orders ORDER BY rowid').all()
      opened.close()
      return rows.map(({ number, customer }) => JSON.stringify({ number, customer }))
    },
    idempotent: true,
    harness: { format: 'json' },
    badConfig: {},
  })
  for (const { name, run } of suite) test(name, run)
})
