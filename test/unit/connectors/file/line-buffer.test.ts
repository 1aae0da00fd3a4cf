import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LineBuffer, type TakenLines } from '../../../../connectors/file/line-buffer.ts'
import { ConnectError } from '../../../../framework/api/index.ts'

function feed(buffer: LineBuffer, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) {
    const room = buffer.room()
    const count = bytes.copy(room, 0, at, at + room.length)
    buffer.added(count)
    at += count
  }
}

/** All that the bytes give, in pieces of that size, each answer with at most `limit` lines. */
function linesOf(bytes: Buffer, chunkBytes: number, limit: number): { lines: string[]; ends: number[]; rest: string } {
  const buffer = new LineBuffer(100)
  const lines: string[] = []
  const ends: number[] = []
  const takeAll = (): void => {
    for (let taken: TakenLines | undefined = buffer.take(limit); taken !== undefined; taken = buffer.take(limit)) {
      assert.ok(taken.lines.length > 0 && taken.lines.length <= limit)
      lines.push(...taken.lines)
      ends.push(taken.position - 100)
    }
  }
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    feed(buffer, bytes.subarray(at, at + chunkBytes))
    takeAll()
  }
  return { lines, ends, rest: buffer.takeRest() }
}

const ENDS = ['\n', '\r', '\r\n']
const WORDS = ['', 'a', 'ünï', '日本語のテキスト', 'plain text', '🙂']

test('however the bytes come, the lines are those of the text, and each position is where the next line begins', () => {
  for (let round = 0; round < 60; round++) {
    const pick = (list: readonly string[], i: number): string => list[(i * 7 + round * 13 + ((i * i) % 5)) % list.length]!
    const ends = round % 3 === 0 ? ['\n'] : ENDS
    const parts = Array.from({ length: 25 }, (_, i) => [pick(WORDS, i), pick(ends, i + 1)] as const)
    // An empty line after a lone \r, ended by \n, would be \r\n.
    const pairs = parts.map(([word, end], i) => (parts[i - 1]?.[1] === '\r' && word === '' ? (['x', end] as const) : [word, end]))
    const bytes = Buffer.from(`${pairs.flat().join('')}rest`)
    const expectedEnds = pairs.map((_, i) =>
      Buffer.byteLength(
        pairs
          .slice(0, i + 1)
          .flat()
          .join(''),
      ),
    )
    for (const [chunkBytes, limit] of [
      [1, 1],
      [3, 100],
      [1_000, 1],
      [1_000, 4],
      [1_000, 100],
    ] as const) {
      const { lines, ends: found, rest } = linesOf(bytes, chunkBytes, limit)
      assert.deepEqual([...lines, rest], [...pairs.map(([word]) => word), 'rest'])
      assert.ok(
        found.every(end => expectedEnds.includes(end)),
        `${found}`,
      )
      if (limit === 1) assert.deepEqual(found, expectedEnds)
    }
  }
})

test('what has no end waits; a return at the very end may be half of one', () => {
  const buffer = new LineBuffer(0)
  feed(buffer, Buffer.from('one\ntw'))
  assert.deepEqual(buffer.take(10), { lines: ['one'], position: 4 })
  assert.equal(buffer.take(10), undefined)
  feed(buffer, Buffer.from('o\r'))
  assert.equal(buffer.take(10), undefined)
  feed(buffer, Buffer.from('\nthree'))
  assert.deepEqual(buffer.take(10), { lines: ['two'], position: 9 })
  assert.equal(buffer.take(10), undefined)
  assert.equal(buffer.takeRest(), 'three')
})

test('a line may be longer than what is read at once, and the short ones after it are read again in small blocks', () => {
  const long = 'x'.repeat(3_000_000)
  const buffer = new LineBuffer(0)
  feed(buffer, Buffer.from(`${long}\nshort\n`))
  assert.deepEqual(buffer.take(10), { lines: [long, 'short'], position: 3_000_007 })
  assert.equal(buffer.take(10), undefined)
  assert.equal(buffer.room().length, 512 * 1024)
})

test('something that is no text fails before it fills the memory', () => {
  const buffer = new LineBuffer(7)
  const block = Buffer.alloc(1024 * 1024)
  assert.throws(
    () => {
      for (let i = 0; i < 100; i++) feed(buffer, block)
    },
    (error: unknown) => error instanceof ConnectError && error.code === 'FILE_LINE_TOO_LONG' && /byte 7/.test(error.message),
  )
})
