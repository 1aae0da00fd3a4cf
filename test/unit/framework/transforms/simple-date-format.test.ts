import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SimpleDateFormat } from '../../../../framework/transforms/simple-date-format.ts'

const moment = new Date('2026-02-03T16:05:06.007Z')

test('prints and reads what it printed', () => {
  const patterns: readonly (readonly [string, string])[] = [
    ['yyyyMMddHHmmssSSS', '20260203160506007'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSX", '2026-02-03T16:05:06.007Z'],
    ["d MMM yy, h:mm:ss.S a 'o''clock'", "3 Feb 26, 4:05:06.7 PM o'clock"],
    ['EEEE d MMMM yyyy K:mm:ss,SSS a Z', 'Tuesday 3 February 2026 4:05:06,007 PM +0000'],
    ['EEE kk:mm:ss SSS dd.MM.yyyy z', 'Tue 16:05:06 007 03.02.2026 UTC'],
  ]
  for (const [pattern, text] of patterns) {
    const format = new SimpleDateFormat(pattern)
    assert.equal(format.format(moment), text, pattern)
    assert.deepEqual(format.parse(text), moment, pattern)
  }
})

test('reads offsets, and ignores what follows', () => {
  assert.deepEqual(new SimpleDateFormat("yyyy-MM-dd'T'HH:mmZ").parse('2026-02-03T16:05+0130'), new Date('2026-02-03T14:35:00Z'))
  assert.deepEqual(new SimpleDateFormat('yyyy-MM-dd').parse('2026-02-03T16:05'), new Date('2026-02-03T00:00:00Z'))
})

test('what does not exist is not read as something else', () => {
  for (const text of ['2026-02-30', '2026-13-01', 'today', ''])
    assert.equal(new SimpleDateFormat('yyyy-MM-dd').parse(text), undefined, text)
})

test('what cannot be used is refused with a remedy', () => {
  assert.throws(() => new SimpleDateFormat('yyyy-ww'), /the letter w cannot be used here; use y M d .*quote it: 'ww'/)
  assert.throws(() => new SimpleDateFormat("yyyy 'T"), /quote ' is not closed/)
})
