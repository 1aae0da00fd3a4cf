import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Connection } from '../../../../framework/kafka/connection.ts'
import { QuietBrokers } from '../../../../framework/kafka/quiet-brokers.ts'
import { MemoryLogger } from '../../../../framework/testing/memory-logger.ts'

function connectionOf(): { readonly connection: Connection; readonly reasons: string[] } {
  const reasons: string[] = []
  const connection = { address: 'broker1:9092', close: (why: string) => reasons.push(why) } as unknown as Connection
  return { connection, reasons }
}

test('a quiet broker that its cluster still lists is waited for', async () => {
  const { connection, reasons } = connectionOf()
  const brokers = new QuietBrokers(new MemoryLogger(), async () => true)
  await brokers.ask(1, connection)
  assert.deepEqual([reasons, brokers.isAvoided(1)], [[], false])
})

test('one that is counted out is given up, and avoided for a while', async () => {
  const { connection, reasons } = connectionOf()
  const brokers = new QuietBrokers(new MemoryLogger(), async () => false)
  await brokers.ask(1, connection)
  assert.match(reasons.join(), /broker 1 at broker1:9092 does not answer/)
  assert.deepEqual([brokers.isAvoided(1), brokers.isAvoided(2)], [true, false])
})

test('the others are asked one question at a time, and a question that fails changes nothing', async () => {
  const { connection, reasons } = connectionOf()
  const logger = new MemoryLogger()
  let questions = 0
  const brokers = new QuietBrokers(logger, async () => {
    questions++
    throw new Error('nobody answers')
  })
  await Promise.all([brokers.ask(1, connection), brokers.ask(1, connection)])
  assert.equal(questions, 1)
  await brokers.ask(1, connection)
  assert.equal(questions, 2)
  assert.deepEqual([reasons, brokers.isAvoided(1)], [[], false])
  assert.equal(logger.lines.length, 2)
})
