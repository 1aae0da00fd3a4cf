import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Seldom } from '../../../../framework/flow/index.ts'

test('what fails every second is loud a few times, then once a minute', t => {
  let nowMs = 1_000
  t.mock.method(performance, 'now', () => nowMs)
  const seldom = new Seldom(3)
  let loud = 0
  for (let second = 0; second < 3_600; second++) {
    if (seldom.level('warn') === 'warn') loud++
    nowMs += 1_000
  }
  assert.ok(loud >= 60 && loud <= 63, `${loud} of 3600`)
  assert.equal(new Seldom(1).level('error'), 'error')
})
