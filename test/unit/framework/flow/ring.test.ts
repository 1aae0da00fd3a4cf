import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ring } from '../../../../framework/flow/ring.ts'

test('first in, first out, across growth and wrapping', () => {
  const ring = new Ring<number>()
  const model: number[] = []
  for (let i = 0; i < 10_000; i++) {
    if ((i * 7919) % 5 < 3) {
      ring.push(i)
      model.push(i)
    } else {
      assert.equal(ring.peek(), model[0])
      assert.equal(ring.shift(), model.shift())
    }
    assert.equal(ring.size, model.length)
  }
  ring.clear()
  assert.equal(ring.size, 0)
  assert.equal(ring.shift(), undefined)
})
