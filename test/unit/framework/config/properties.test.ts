import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ConfigError } from '../../../../framework/api/connect-error.ts'
import { parseProperties, readPropertiesFile } from '../../../../framework/config/properties.ts'

interface Case {
  readonly base64: string
  /** Sorted by key; null = refused. */
  readonly entries: readonly (readonly [string, string])[] | null
}

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL('../../../interop/fixtures/properties.json', import.meta.url), 'utf8'),
)

test('reads every file as java.util.Properties does', () => {
  assert.ok(cases.length > 1000)
  for (const { base64, entries } of cases) {
    const bytes = Buffer.from(base64, 'base64')
    const text = JSON.stringify(bytes.toString('latin1'))
    if (entries === null) assert.throws(() => parseProperties(bytes), text)
    else assert.deepEqual(comparable(Object.entries(parseProperties(bytes)), text), comparable(entries, text), text)
  }
})

test('an escaped dot in a file must be written with two backslashes', () => {
  assert.equal(parseProperties(Buffer.from('topics=foo\\..*')).topics, 'foo..*')
  assert.equal(parseProperties(Buffer.from('topics=foo\\\\..*')).topics, 'foo\\..*')
})

test('a missing file is a configuration error that names it', () => {
  assert.throws(
    () => readPropertiesFile('does-not-exist.properties'),
    (e: unknown) => {
      assert.ok(e instanceof ConfigError)
      assert.match(e.message, /does-not-exist\.properties: there is no such file/)
      return true
    },
  )
})

/** An entry with an empty key that a lone backslash at the end of the file makes, or not, in Java is left out. */
function comparable(entries: readonly (readonly [string, string])[], text: string): readonly (readonly [string, string])[] {
  const endsInBackslash = /(^"|\\[rn])(\\[tf]| )*\\\\(\\[rnft]| )*"$/.test(text)
  return entries.filter(([key]) => !endsInBackslash || key !== '').sort(byKey)
}

function byKey(a: readonly [string, string], b: readonly [string, string]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0
}
