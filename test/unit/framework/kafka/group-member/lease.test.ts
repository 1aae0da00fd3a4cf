import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lease } from '../../../../../framework/kafka/group-member/lease.ts'

const times = { sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 60_000, marginMs: 1_000 }

test('a member that was never heard of has no lease', () => {
  assert.equal(new Lease(times).expiresAtMs, Number.NEGATIVE_INFINITY)
})

test('a lease ends a margin before the session timeout after the last answered heartbeat was sent', () => {
  const lease = new Lease(times)
  lease.settled(5_000)
  assert.equal(lease.expiresAtMs, 14_000)
  lease.settled(8_000)
  assert.equal(lease.expiresAtMs, 17_000)
})

test('answers that arrive in another order do not shorten it', () => {
  const lease = new Lease(times)
  lease.settled(8_000)
  lease.rebalancing(6_000)
  assert.equal(lease.expiresAtMs, 17_000)
})

test('heartbeats keep it through a rebalance, but not beyond the rebalance timeout', () => {
  const lease = new Lease(times)
  lease.settled(0)
  lease.rebalancing(30_000)
  assert.equal(lease.expiresAtMs, 39_000)
  lease.rebalancing(55_000)
  assert.equal(lease.expiresAtMs, 59_000)
  lease.settled(56_000)
  assert.equal(lease.expiresAtMs, 65_000)
})

test('it ends at once when the coordinator does not know the member', () => {
  const lease = new Lease(times)
  lease.settled(5_000)
  lease.lost()
  assert.equal(lease.expiresAtMs, Number.NEGATIVE_INFINITY)
})
