import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { compileJavaPattern, JavaRegexError } from '../../../policies/java-regex.ts'

interface Table {
  readonly texts: readonly string[]
  /** Pattern, and what Java says about each text. */
  readonly patterns: readonly (readonly [string, string])[]
}

const table: Table = JSON.parse(readFileSync(new URL('../../interop/fixtures/java-regex.json', import.meta.url), 'utf8'))

test('matches what java.util.regex matches, and refuses what it refuses', () => {
  assert.ok(table.patterns.length > 1000)
  for (const [pattern, expected] of table.patterns) {
    if (expected === 'E') {
      assert.throws(() => compileJavaPattern(pattern), JavaRegexError, pattern)
      continue
    }
    const compiled = compileJavaPattern(pattern)
    assert.equal(table.texts.map(text => (compiled.matches(text) ? '1' : '0')).join(''), expected, pattern)
  }
})

test('what JavaScript cannot say is refused with its place and a remedy', () => {
  const refused: readonly (readonly [string, number])[] = [
    ['(a)\\1', 3],
    ['(?<n>a)\\k<n>', 7],
    ['a\\G', 1],
    ['\\X', 0],
    ['\\N{DIGIT ONE}', 0],
    ['ab\\b{g}', 2],
    ['\\p{InGreek}', 0],
    ['(?iu)a', 0],
    ['(?U)\\w', 0],
    ['(?<=a*+)b', 4],
    ['(?<!(?>a|b))c', 4],
    ['[a-z&&]', 0],
  ]
  for (const [pattern, position] of refused) {
    assert.throws(
      () => compileJavaPattern(pattern),
      (e: unknown) => e instanceof JavaRegexError && e.position === position && e.pattern === pattern && e.remedy !== '',
      pattern,
    )
  }
})

test('the message holds pattern, problem, position and remedy', () => {
  assert.throws(() => compileJavaPattern('orders('), {
    message: 'regular expression orders(: the bracket ( is not closed at position 6; add ) or write \\( for the character',
  })
  assert.throws(() => compileJavaPattern('*.orders'), {
    message: /\* has nothing to repeat at position 0; write \.\* for any characters/,
  })
})

test('flags set by a pattern hold for what is appended to it', () => {
  assert.equal(compileJavaPattern('(?i)foo').flagsAtEnd, 'i')
  assert.equal(compileJavaPattern('(?i:foo)').flagsAtEnd, '')
  assert.ok(compileJavaPattern('foo', 'i').matches('FOO'))
})
