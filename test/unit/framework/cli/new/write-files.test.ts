import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isFree, writeFiles } from '../../../../../framework/cli/new/write-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'isthmus-write-files-'))
after(() => rmSync(folder, { recursive: true }))

test('files and the folders they are in are made, also in an empty folder that is there', () => {
  const there = join(folder, 'there')
  mkdirSync(there)
  assert.ok(isFree(there))
  writeFiles(there, { a: '1', 'b/c': '2' })
  assert.deepEqual(readdirSync(there, { recursive: true }).sort(), ['a', 'b', 'b/c'])
  assert.equal(readFileSync(join(there, 'b/c'), 'utf8'), '2')
})

test('what has something in it is not free, and neither is a file', () => {
  const taken = join(folder, 'taken')
  mkdirSync(taken)
  writeFileSync(join(taken, 'mine'), 'mine')
  assert.ok(!isFree(taken))
  assert.ok(!isFree(join(taken, 'mine')))
  assert.ok(isFree(join(folder, 'absent')))
})

test('a file that cannot be written leaves nothing behind', () => {
  const before = readdirSync(folder).sort()
  assert.throws(() => writeFiles(join(folder, 'half'), { a: '1', 'a/b': 'a is a file by then' }))
  assert.deepEqual(readdirSync(folder).sort(), before)
})

test('a folder that was filled meanwhile is not overwritten', () => {
  const filled = join(folder, 'filled')
  mkdirSync(filled)
  writeFileSync(join(filled, 'mine'), 'mine')
  assert.throws(() => writeFiles(filled, { mine: 'not mine' }))
  assert.equal(readFileSync(join(filled, 'mine'), 'utf8'), 'mine')
  assert.deepEqual(
    readdirSync(folder).filter(name => name.includes('unfinished')),
    [],
  )
})
