import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parsePattern } from '../../../../../connectors/mirror/cycles/parse-pattern.ts'
import { type Language, TOPIC_CHARACTERS, TopicLanguages } from '../../../../../connectors/mirror/cycles/topic-languages.ts'
import { compileJavaPattern } from '../../../../../policies/index.ts'

const PATTERNS = [
  '.*',
  'orders',
  'orders.eu',
  'orders\\.eu',
  'eu-.*|us-[a-m].*',
  '^test-topic-.*$',
  '(a|b(c|d)?)+e*',
  '(?:x|y){2}z?',
  '(?<name>ab)*?c',
  '[^a-z._]+',
  '[a-c&&[^b]]+[\\-\\.]internal',
  '\\w+\\.\\d{3}',
  '\\p{Lower}+\\P{Alpha}',
  '\\Qa.b*\\E.*',
  'é?ab',
  '__.*|.*\\.replica|',
  '(|a)b',
]

/** Names made of what the patterns are made of, the same at every run. */
function names(count: number): readonly string[] {
  let seed = 1
  const next = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return Math.floor((seed / 2147483648) * below)
  }
  const pieces = [
    'a',
    'b',
    'c',
    'd',
    'e',
    'x',
    'y',
    'z',
    'orders',
    'eu-',
    'us-',
    '.eu',
    '-eu',
    '.internal',
    '__',
    '.replica',
    '7',
    'Q',
    '123',
  ]
  const made = Array.from({ length: count }, () =>
    Array.from({ length: 1 + next(4) }, () => pieces[next(pieces.length)]).join(''),
  )
  return ['', 'test-topic-1', 'a.b', 'xyz', 'xyzz', ...TOPIC_CHARACTERS, ...made]
}

describe('the language of a pattern', () => {
  for (const pattern of PATTERNS) {
    test(`holds the names that ${pattern} matches, and no other`, () => {
      const languages = new TopicLanguages()
      const language = parsePattern(pattern, languages)
      assert.ok(language !== undefined)
      const { matches } = compileJavaPattern(pattern)
      for (const name of names(2_000)) {
        const left: Language = [...name].reduce((rest, character) => languages.after(rest, character), language)
        assert.equal(left.hasEmpty, matches(name), name)
      }
    })
  }

  test('is not told of what is not regular, or not worth it', () => {
    const odd = ['(?!eu).*', '(?i)orders', 'a\\b.*', '(^a|b)', 'a*+b', 'a$b', '[\\Q]\\E]', '\\x41', '(?>a)b']
    for (const pattern of odd) assert.equal(parsePattern(pattern, new TopicLanguages()), undefined, pattern)
  })

  test('is one object however it is written', () => {
    const languages = new TopicLanguages()
    assert.equal(parsePattern('a|b|a', languages), parsePattern('(?:b|a)', languages))
    assert.equal(parsePattern('(x*)*', languages), parsePattern('x*', languages))
  })
})

test('one character stands for all that no pattern tells apart', () => {
  const languages = new TopicLanguages()
  parsePattern('[a-c]x.*', languages)
  assert.deepEqual(languages.representatives(), ['a', 'd', 'x'])
})
