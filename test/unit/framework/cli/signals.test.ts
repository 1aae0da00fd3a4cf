import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StopSignals } from '../../../../framework/cli/signals.ts'

function signals(): { readonly stop: StopSignals; readonly told: string[] } {
  const told: string[] = []
  const stop = new StopSignals({ onFirst: signal => told.push(signal), exit: code => told.push(`exit ${code}`) })
  return { stop, told }
}

test('the first signal asks to finish, the second to stop at once, with its own exit code', () => {
  const { stop, told } = signals()
  stop.receive('SIGINT', 0)
  assert.deepEqual([stop.stopping.aborted, stop.stopNow.aborted, stop.exitCode], [true, false, undefined])
  stop.receive('SIGTERM', 1000)
  assert.deepEqual([stop.stopNow.aborted, stop.exitCode], [true, 143])
  stop.receive('SIGINT', 2000)
  assert.deepEqual([stop.exitCode, told], [143, ['SIGINT']])
  stop.close()
})

test('one key press that arrives twice is one signal', () => {
  const { stop } = signals()
  stop.receive('SIGINT', 0)
  stop.receive('SIGINT', 20)
  assert.equal(stop.stopNow.aborted, false)
  stop.receive('SIGINT', 120)
  assert.equal(stop.exitCode, 130)
  stop.close()
})

test('afterwards the signals are what they were', () => {
  const before = process.listenerCount('SIGTERM')
  const { stop } = signals()
  assert.equal(process.listenerCount('SIGTERM'), before + 1)
  stop.close()
  assert.equal(process.listenerCount('SIGTERM'), before)
})
