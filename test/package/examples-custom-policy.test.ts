import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runProgram } from './running-program.ts'

test('custom-policy: topics are copied both ways under the policy’s names, no copy is copied, exit code 0', async () => {
  const example = runProgram('examples/main.ts', 'custom-policy')
  const [code] = await example.ended
  const output = example.output()
  assert.equal(code, 0, output)
  assert.match(output, /^ {2}east: orders, orders-copied-from-west, orders-late, payments$/m)
  assert.match(output, /^ {2}west: orders, orders-copied-from-east, orders-late-copied-from-east, payments-copied-from-east$/m)
})
