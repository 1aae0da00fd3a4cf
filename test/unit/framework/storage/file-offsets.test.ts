import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { ConfigError } from '../../../../framework/api/index.ts'
import { FileOffsets } from '../../../../framework/storage/file-offsets.ts'

let folder = ''
let path = ''
const signal = new AbortController().signal

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-offsets-'))
  path = join(folder, 'offsets.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('what was saved is there for the next process, by connector and partition, whatever the order of fields', async () => {
  const offsets = await FileOffsets.open(path)
  await offsets.forConnector('a').save([[{ file: 'x', part: 1 }, { position: 5 }]], signal)
  await offsets.forConnector('b').save([[{ file: 'x', part: 1 }, { position: 6 }]], signal)
  const next = await FileOffsets.open(path)
  assert.deepEqual(await next.forConnector('a').load([{ part: 1, file: 'x' }, { file: 'y' }]), [{ position: 5 }, null])
  assert.deepEqual(await next.forConnector('b').load([{ part: 1, file: 'x' }]), [{ position: 6 }])
})

test('saves that meet are all in the file once they have resolved, and leave nothing beside it', async () => {
  const offsets = await FileOffsets.open(path)
  const saves = Array.from({ length: 20 }, async (_, i) => {
    await offsets.forConnector(`c${i}`).save([[{ i }, { at: i }]], signal)
    assert.ok(readFileSync(path, 'utf8').includes(`"c${i}"`), `c${i} is not in the file`)
  })
  await Promise.all(saves)
  assert.deepEqual(readdirSync(folder), ['offsets.json'])
  const next = await FileOffsets.open(path)
  for (let i = 0; i < 20; i++) assert.deepEqual(await next.forConnector(`c${i}`).load([{ i }]), [{ at: i }])
})

test('a save that fails rejects, and the next one writes all', async () => {
  const missing = join(folder, 'not', 'there.json')
  const offsets = await FileOffsets.open(missing)
  await assert.rejects(offsets.forConnector('a').save([[{ p: 1 }, { at: 1 }]], signal), /ENOENT/)
  mkdirSync(join(folder, 'not'))
  await offsets.forConnector('a').save([[{ p: 2 }, { at: 2 }]], signal)
  const next = await FileOffsets.open(missing)
  assert.deepEqual(await next.forConnector('a').load([{ p: 1 }, { p: 2 }]), [{ at: 1 }, { at: 2 }])
})

for (const [what, text] of [
  ['cut off', '{"offsets":[{"connector":"a"'],
  ['of another kind', '[1]'],
  ['without partitions', '{"offsets":[{"connector":"a"}]}'],
  ['a null', 'null'],
] as const) {
  test(`a file that is ${what} is refused with its path and what to do`, async () => {
    writeFileSync(path, text)
    await assert.rejects(FileOffsets.open(path), (error: unknown) => {
      assert.ok(error instanceof ConfigError)
      const [problem] = error.problems
      assert.deepEqual([problem?.key, problem?.value], ['offset.storage.file.filename', path])
      assert.match(problem?.message ?? '', /name another one, or delete it/)
      return true
    })
  })
}

test('a folder in its place is refused', async () => {
  await assert.rejects(FileOffsets.open(folder), /cannot be read/)
})
