import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cyclesOf } from './cycles.ts'
import { importsOf } from './imports-of.ts'

const found = (source: string) =>
  importsOf(source).map(({ specifier, isTypeOnly }) => (isTypeOnly ? `type ${specifier}` : specifier))

test('finds every form of import and re-export', () => {
  const source = `
    import 'effect'
    import one from 'one'
    import * as all from "all"
    import { a, type B } from 'mixed'
    import type { T } from 'types'
    import type from 'named-type'
    export * from 'star'
    export * as ns from 'ns'
    export { x as from } from 'list'
    export type { Y } from 'type-list'
    const lazy = await import('lazy')
  `
  assert.deepEqual(found(source), [
    'effect',
    'one',
    'all',
    'mixed',
    'type types',
    'named-type',
    'star',
    'ns',
    'list',
    'type type-list',
    'lazy',
  ])
})

test('is not misled by text, comments, regular expressions and templates', () => {
  const source = [
    "const text = \"import 'no'\" // import 'no'",
    "/* import 'no' */ const quote = /['\"`]/g.exec(a) / b / c",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text to be scanned
    "const nested = `import 'no' ${`${'}'}` + { a: 1 }.a} export * from 'no'`",
    "export type Local = { from: 'no' }",
    'export { text }',
    "const from = 'no'",
    'const here = import.meta.url',
    "import { yes } from 'yes'",
  ].join('\n')
  assert.deepEqual(found(source), ['yes'])
})

test('finds cycles of any length', () => {
  const edges = [
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'a'],
    ['c', 'd'],
    ['e', 'e'],
  ] as const
  assert.deepEqual(cyclesOf(edges), [['a', 'b', 'c']])
})
