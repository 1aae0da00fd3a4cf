import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  chooseActive,
  decodeAssignment,
  decodeClaim,
  encodeAssignment,
  encodeClaim,
} from '../../../../../framework/kafka/group-member/claim.ts'

const member = (memberId: string, since: number, active = false) => ({
  memberId,
  claim: { id: `info of ${memberId}`, active, since },
})

test('the active member stays active, however long others have waited', () => {
  assert.equal(chooseActive([member('a', 1), member('b', 9, true), member('c', 5)])?.active, 'b')
})

test('without an active member, the one that has waited longest becomes active, by id among equals', () => {
  assert.deepEqual(chooseActive([member('b', 3), member('a', 7), member('c', 3)]), { active: 'b', id: 'info of b' })
})

test('nobody is chosen from nobody', () => {
  assert.equal(chooseActive([]), null)
})

test('claims and assignments survive the wire', () => {
  const claim = { id: 'isthmus on büro-1', active: true, since: 1_700_000_000_000 }
  assert.deepEqual(decodeClaim(encodeClaim(claim)), claim)
  assert.deepEqual(decodeAssignment(encodeAssignment({ active: 'm-1', id: 'x' })), { active: 'm-1', id: 'x' })
})

test('unreadable bytes claim nothing and assign nobody', () => {
  for (const text of ['', 'no json', '[]', 'null', '{"since":"x","active":1}']) {
    assert.deepEqual(decodeClaim(Buffer.from(text)), { id: 'unknown', active: false, since: Number.MAX_SAFE_INTEGER })
    assert.equal(decodeAssignment(Buffer.from(text)), null)
  }
})
