import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { after, test } from 'node:test'
import { FileOutput, StreamOutput } from '../../../../connectors/file/line-output.ts'
import { valueLine } from '../../../../connectors/file/value-line.ts'
import { type ConnectError, type ConnectValue, Decimal, type Schema, schema } from '../../../../framework/api/index.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'isthmus-file-sink-'))
after(() => rmSync(folder, { recursive: true }))

test('lines are appended to what is there', async () => {
  const file = join(folder, 'appended.txt')
  writeFileSync(file, 'before\n')
  const output = await FileOutput.open(file, new MemoryLogger())
  await output.append('one\ntwo\n')
  assert.equal(readFileSync(file, 'utf8'), 'before\none\ntwo\n')
  await output.append('three\n')
  await output.close()
  assert.equal(readFileSync(file, 'utf8'), 'before\none\ntwo\nthree\n')
})

test('a line that a crash left without its end is ended, so that no record is joined to it', async () => {
  const file = join(folder, 'torn.txt')
  writeFileSync(file, 'whole\nha')
  const logger = new MemoryLogger()
  const output = await FileOutput.open(file, logger)
  await output.append('next\n')
  await output.close()
  assert.equal(readFileSync(file, 'utf8'), 'whole\nha\nnext\n')
  assert.equal(logger.lines.filter(({ level }) => level === 'warn').length, 1)
})

test('a place that cannot be written is named; a full disk may have room again', async () => {
  await assert.rejects(FileOutput.open(join(folder, 'absent', 'x.txt'), new MemoryLogger()), (error: ConnectError) => {
    assert.deepEqual([error.code, error.kind], ['FILE_UNWRITABLE', 'fatal'])
    assert.match(error.message, /absent\/x\.txt/)
    return true
  })
  const full = await FileOutput.open('/dev/full', new MemoryLogger())
  await assert.rejects(full.append('x\n'), (error: ConnectError) => error.retriable && error.stage === 'deliver')
})

test('a stream is waited for until it has taken the lines, and left open', async () => {
  const taken: string[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      setImmediate(() => {
        taken.push(chunk.toString())
        done()
      })
    },
  })
  const output = new StreamOutput(stream)
  await output.append('one\n')
  assert.deepEqual(taken, ['one\n'])
  await output.close()
  assert.ok(stream.writable)
})

test('values are text as Java prints them; arrays, maps and objects are JSON, bytes the text that they are', () => {
  const line = (value: ConnectValue, of: Schema | null = null): string => valueLine(of, value)
  assert.equal(line('text'), 'text')
  assert.equal(line(null), 'null')
  assert.equal(line(5), '5')
  assert.equal(line(5, schema.float64()), '5.0')
  assert.equal(line(9_007_199_254_740_993n), '9007199254740993')
  assert.equal(line(true), 'true')
  assert.equal(line(Decimal.parse('12.50')), '12.50')
  assert.equal(line(Buffer.from('größe')), 'größe')
  assert.equal(line([1, 'a', null]), '[1,"a",null]')
  assert.equal(line({ id: 1, tags: ['x'] }), '{"id":1,"tags":["x"]}')
  assert.equal(line(new Map([['a', 1]])), '{"a":1}')
  const order = schema.struct({ id: schema.int64(), price: schema.decimal(2) })
  assert.equal(line({ id: 1, price: Decimal.parse('1.20') }, order), '{"id":1,"price":1.20}')
})
