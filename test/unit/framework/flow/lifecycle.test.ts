import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lifecycle } from '../../../../framework/flow/lifecycle.ts'

test('tells of each state, and throws at a transition that was not declared', () => {
  const lifecycle = new Lifecycle<'NEW' | 'ON' | 'OFF'>('lamp', 'NEW', { NEW: ['ON'], ON: ['OFF'], OFF: [] })
  const seen: string[] = []
  lifecycle.state$.subscribe(state => seen.push(state))
  lifecycle.to('ON')
  assert.ok(lifecycle.is('OFF', 'ON'))
  lifecycle.to('OFF')
  assert.throws(() => lifecycle.to('ON'), /lamp: no transition from OFF to ON/)
  assert.deepEqual(seen, ['NEW', 'ON', 'OFF'])
})
