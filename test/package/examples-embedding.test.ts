import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runProgram } from './running-program.ts'

test('embedding: orders of the program are in the topic once it is told so, by services of its own container, exit code 0', async () => {
  const example = runProgram('examples/main.ts', 'embedding')
  const [code] = await example.ended
  const output = example.output()
  assert.equal(code, 0, output)
  assert.match(output, /program: \[orders\|worker\] Orders of this program go to orders/)
  assert.match(output, /Kafka has all of them; orders is RUNNING/)
  assert.match(output, /1000 records of 1000 orders/)
})
