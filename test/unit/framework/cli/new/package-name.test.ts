import assert from 'node:assert/strict'
import { test } from 'node:test'
import { baseName, className, nameProblem } from '../../../../../framework/cli/new/package-name.ts'

test('names that npm takes are taken', () => {
  for (const name of ['my-feed', '@acme/my-feed', 'a', '7up', 'x.y_z', 'a'.repeat(214)])
    assert.equal(nameProblem(name), undefined, name)
})

test('others are refused with one that would do', () => {
  const refused: Readonly<Record<string, RegExp>> = {
    MyFeed: /for example my-feed$/,
    'my feed!': /for example my-feed$/,
    '../feed': /for example feed$/,
    '.hidden': /for example hidden$/,
    '@acme/x/y': /for example acme-x-y$/,
    '@/x': /a letter or digit first/,
    '': /a letter or digit first$/,
    fs: /is taken/,
    node_modules: /is taken/,
    isthmus: /is taken/,
    [`${'a'.repeat(215)}`]: /longer than 214/,
  }
  for (const [name, message] of Object.entries(refused)) assert.match(nameProblem(name) ?? 'none', message, name)
})

test('classes and folders are named after the package', () => {
  assert.deepEqual(['my-feed', '@acme/my.feed_2', '7up'].map(className), ['MyFeed', 'MyFeed2', 'The7up'])
  assert.deepEqual(['my-feed', '@acme/my-feed'].map(baseName), ['my-feed', 'my-feed'])
})
