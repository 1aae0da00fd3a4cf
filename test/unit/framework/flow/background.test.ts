import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Background } from '../../../../framework/flow/background.ts'
import { deferred } from '../../../../framework/flow/deferred.ts'

test('counts what runs, waits for it and for what it starts, and rejects with the first error', async () => {
  const reported: string[] = []
  const background = new Background((error, name) => reported.push(`${name}: ${(error as Error).message}`))
  const gate = deferred()
  background.run('slow', async () => {
    await gate.promise
    background.run('child', async () => {
      throw new Error('second')
    })
  })
  background.run('quick', async () => {
    throw new Error('first')
  })
  assert.equal(background.count, 2)
  gate.resolve()
  await assert.rejects(background.settled(), /first/)
  assert.equal(background.count, 0)
  assert.deepEqual(reported, ['quick: first', 'child: second'])
})
