import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runProgram } from './running-program.ts'

test('mirror-transform: a function of one’s own and one of Kafka’s change what is copied, nothing else is missing, exit code 0', async () => {
  const example = runProgram('examples/main.ts', 'mirror-transform')
  const [code] = await example.ended
  const output = example.output()
  assert.equal(code, 0, output)
  assert.match(output, /1000 orders, 900 copies, 900 of them masked, 900 with their origin/)
  assert.match(output, /on analysis: \{"number":1,"customer":"customer 1","card":"\*{12}0001"\}/)
})
