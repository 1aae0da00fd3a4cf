import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runProgram } from './running-program.ts'

test('failover: three members move together when their cluster is killed, and back when told; no order is missing, exit code 0', async () => {
  const example = runProgram('examples/failover/main.ts')
  const [code] = await example.ended
  const output = example.output()
  assert.equal(code, 0, output)
  for (const member of [1, 2, 3]) {
    const states = [...output.matchAll(new RegExp(`billing-${member}: (CONSUMING \\w+|MOVING \\w+)`, 'g'))].map(
      ([, state]) => state,
    )
    const moves = states.filter((state, i) => state !== states[i - 1])
    assert.deepEqual(moves, ['CONSUMING east', 'MOVING east', 'CONSUMING west', 'MOVING west', 'CONSUMING east'], output)
  }
  const [, written, once, twice, missing] = /(\d+) orders written: (\d+) read once, (\d+) twice, (\d+) missing/.exec(output) ?? []
  assert.equal(missing, '0')
  assert.equal(Number(once) + Number(twice), Number(written))
  assert.ok(Number(written) > 1_000, output)
  assert.match(output, /no orders to east after \d+/)
})

test('interrupted, it leaves no cluster behind', async () => {
  const example = runProgram('examples/failover/main.ts')
  await example.printed('CONSUMING east')
  const ports = [...example.output().matchAll(/: (127\.0\.0\.1:\d+) \(Kafka/g)].map(([, address]) => address!)
  assert.equal(ports.length, 2)
  example.child.kill('SIGINT')
  assert.deepEqual(await example.ended, [130, null], example.output())
  for (const port of ports) await assert.rejects(fetch(`http://${port}`), /fetch failed/)
})

test('--help says what it shows', async () => {
  const help = runProgram('examples/failover/main.ts', '--help')
  assert.equal((await help.ended)[0], 0)
  assert.match(help.output(), /^npm run example -- failover: [\s\S]*killed[\s\S]*Exit codes: 0 /)
})
