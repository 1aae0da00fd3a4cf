import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RunPause } from '../../../../../connectors/mirror/source/run-pause.ts'

const middle = () => 0.5

test('a run that failed is repeated after two seconds, later each time it fails again, and as set once it has succeeded', () => {
  const pause = new RunPause(600_000, middle)
  const pauses = [pause.ms]
  for (let i = 0; i < 10; i++) {
    pause.begun()
    pauses.push(pause.ms)
  }
  assert.deepEqual(
    pauses,
    [600, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600].map(seconds => seconds * 1000),
  )
  pause.succeeded()
  assert.equal(pause.ms, 600_000)
  pause.begun()
  assert.equal(pause.ms, 2_000)
})

test('a run that comes oftener than that waits no longer for having failed', () => {
  const pause = new RunPause(1_000, () => 1)
  pause.begun()
  assert.equal(pause.ms, 1_000)
})
