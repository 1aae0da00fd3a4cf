import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../../../../../framework/kafka/consumer-group/wire.ts'

const owned = [
  { topic: 'büro', partition: 0 },
  { topic: 'büro', partition: 7 },
  { topic: 'a', partition: 2 },
]

test('subscriptions and assignments survive the wire', () => {
  const subscription = { topics: ['a', 'büro'], owned, generationId: 12, rack: 'r1' }
  assert.deepEqual(decodeSubscription(encodeSubscription(subscription)), subscription)
  assert.deepEqual(decodeAssignment(encodeAssignment(owned)), owned)
})

test('a subscription of version 0 is read, with the generation that sticky members put into their user data', () => {
  const plain = Buffer.from('0000 00000001 0001 61 ffffffff'.replaceAll(' ', ''), 'hex')
  assert.deepEqual(decodeSubscription(plain), { topics: ['a'], owned: [], generationId: -1, rack: null })
  const sticky = Buffer.from(
    '0001 00000001 0001 61 00000004 00000009 00000001 0001 61 00000001 00000003'.replaceAll(' ', ''),
    'hex',
  )
  assert.deepEqual(decodeSubscription(sticky), {
    topics: ['a'],
    owned: [{ topic: 'a', partition: 3 }],
    generationId: 9,
    rack: null,
  })
})

test('fields of versions to come are passed over', () => {
  const bytes = encodeSubscription({ topics: ['a'], owned: [], generationId: 1, rack: null })
  bytes.writeInt16BE(9, 0)
  assert.deepEqual(decodeSubscription(Buffer.concat([bytes, Buffer.from('more')])).topics, ['a'])
})

test('a member that was given nothing has nothing', () => {
  assert.deepEqual(decodeAssignment(Buffer.alloc(0)), [])
})
