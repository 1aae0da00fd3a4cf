import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { after, describe, test } from 'node:test'
import { FileStreamSourceConnector, FileStreamSourceTask } from '../../../../connectors/file/index.ts'
import { StreamInput } from '../../../../connectors/file/stream-input.ts'
import type { ConfigError, ConnectError, ConnectRecord, SourcePart } from '../../../../framework/api/index.ts'
import { MemoryLogger, MemoryOffsetStore, sourceConformance, TaskHarness } from '../../../../framework/testing/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'isthmus-file-source-'))
after(() => rmSync(folder, { recursive: true }))

let files = 0
const newFile = (): string => join(folder, `input-${files++}.txt`)

function start(
  file: string,
  offsets = new MemoryOffsetStore(),
  keys: Readonly<Record<string, string>> = {},
): Promise<TaskHarness> {
  return TaskHarness.start(new FileStreamSourceTask(), { config: { file, topic: 'lines', ...keys }, offsets })
}

/** The next batch that has anything. */
async function nextPart(harness: TaskHarness): Promise<SourcePart> {
  const deadline = performance.now() + 5_000
  while (performance.now() < deadline) {
    const [part] = (await harness.demand()).parts
    if (part !== undefined) return part
  }
  throw new Error('nothing was read within 5 s')
}

const valuesOf = ({ records }: SourcePart): unknown[] => (records as readonly ConnectRecord[]).map(({ value }) => value)

describe('a file', () => {
  test('a line is a record: a string with its schema, at a position in bytes', async () => {
    const file = newFile()
    writeFileSync(file, 'eins\nzwölf\n')
    const harness = await start(file)
    const part = await nextPart(harness)
    assert.deepEqual(part.sourcePartition, { filename: file })
    assert.deepEqual(part.sourceOffset, { position: 12 })
    const [first] = part.records as readonly ConnectRecord[]
    assert.equal(first?.topic, 'lines')
    assert.equal(first?.valueSchema?.type, 'string')
    assert.deepEqual([first?.key, first?.partition], [null, null])
    assert.ok(Math.abs((first?.timestamp ?? 0) - Date.now()) < 60_000)
    assert.deepEqual(valuesOf(part), ['eins', 'zwölf'])
    await harness.stop()
  })

  test('the last line is read once it is whole', async () => {
    const file = newFile()
    writeFileSync(file, 'first\nsec')
    const harness = await start(file)
    assert.deepEqual(valuesOf(await nextPart(harness)), ['first'])
    assert.deepEqual((await harness.demand()).parts, [])
    appendFileSync(file, 'ond\n')
    assert.deepEqual(valuesOf(await nextPart(harness)), ['second'])
    await harness.stop()
  })

  test('batches hold at most batch.size lines, and a task goes on behind the last acknowledged one', async () => {
    const file = newFile()
    writeFileSync(file, Array.from({ length: 10 }, (_, i) => `line ${i}\n`).join(''))
    const offsets = new MemoryOffsetStore()
    const harness = await start(file, offsets, { 'batch.size': '3' })
    const first = await nextPart(harness)
    assert.deepEqual([valuesOf(first), first.sourceOffset], [['line 0', 'line 1', 'line 2'], { position: 21 }])
    harness.ack(first)
    await nextPart(harness)
    await harness.stop()
    const again = await start(file, offsets, { 'batch.size': '3' })
    assert.deepEqual(valuesOf(await nextPart(again)), ['line 3', 'line 4', 'line 5'])
    await again.stop()
  })

  test('one that does not exist is waited for, and that is said once', async () => {
    const file = newFile()
    const harness = await start(file)
    await harness.demand()
    await harness.demand()
    assert.equal(harness.logger.lines.filter(({ message }) => message.includes('does not exist')).length, 1)
    writeFileSync(file, 'here\n')
    assert.deepEqual(valuesOf(await nextPart(harness)), ['here'])
    await harness.stop()
  })

  test('one that was cut off is read from its beginning; what it had no end for is not lost', async () => {
    const file = newFile()
    writeFileSync(file, 'old 1\nold 2\nhalf')
    const offsets = new MemoryOffsetStore()
    const harness = await start(file, offsets)
    harness.ack(await nextPart(harness))
    await harness.demand()
    truncateSync(file)
    const restart = await nextPart(harness)
    assert.deepEqual([valuesOf(restart), restart.sourceOffset], [['half'], { position: 0 }])
    harness.ack(restart)
    appendFileSync(file, 'new\n')
    assert.deepEqual(valuesOf(await nextPart(harness)), ['new'])
    assert.ok(
      harness.logger.lines.some(({ level, message }) => level === 'warn' && /was cut off: it has 0 bytes, 16/.test(message)),
    )
    await harness.stop()
    assert.deepEqual(await offsets.load([{ filename: file }]), [{ position: 0 }])
  })

  test('one that another takes the place of is read to its end, then the other from its beginning', async () => {
    const file = newFile()
    writeFileSync(file, 'old 1\n')
    const harness = await start(file)
    await nextPart(harness)
    renameSync(file, `${file}.1`)
    writeFileSync(file, '')
    await harness.demand()
    appendFileSync(`${file}.1`, 'old 2\n')
    assert.deepEqual(valuesOf(await nextPart(harness)), ['old 2'])
    appendFileSync(file, 'new\n')
    const restart = await nextPart(harness)
    assert.deepEqual([valuesOf(restart), restart.sourceOffset], [[], { position: 0 }])
    assert.deepEqual(valuesOf(await nextPart(harness)), ['new'])
    await harness.stop()
  })

  test('a folder cannot be read, and is named', async () => {
    const harness = await start(folder)
    await assert.rejects(harness.demand(), (error: ConnectError) => {
      assert.equal(error.code, 'FILE_UNREADABLE')
      assert.ok(error.message.includes(folder))
      return true
    })
    await harness.kill()
  })

  test('an offset that is none is refused instead of being taken for the beginning', async () => {
    const file = newFile()
    const offsets = new MemoryOffsetStore()
    await offsets.save([[{ filename: file }, { position: -1 }]])
    await assert.rejects(start(file, offsets), (error: ConnectError) => error.code === 'OFFSET_INVALID')
  })
})

describe('a stream', () => {
  test('gives its bytes as they come, ends waiting when told to, and says when it has ended', async () => {
    const stream = new PassThrough()
    const input = new StreamInput(stream)
    const into = Buffer.alloc(4)
    const stopped = new AbortController()
    const waiting = input.read(into, stopped.signal)
    stopped.abort()
    assert.equal(await waiting, 'nothing')
    const never = new AbortController().signal
    const reading = input.read(into, never)
    stream.write('abcdef')
    assert.equal(await reading, 4)
    assert.equal(into.toString(), 'abcd')
    assert.equal(await input.read(into, never), 2)
    stream.end()
    assert.equal(await input.read(into, never), 'ended')
    await input.close()
  })
})

test('the connector needs a topic and has one task', async () => {
  const connector = new FileStreamSourceConnector()
  const { signal } = new AbortController()
  const context = { name: 'x', signal, requestTaskReconfiguration: () => undefined, raiseError: () => undefined }
  const logger = new MemoryLogger()
  await assert.rejects(connector.start({ ...context, logger, config: { 'batch.size': '0' } }), (error: ConfigError) => {
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ['topic', 'batch.size'],
    )
    return true
  })
  await connector.start({ ...context, logger, config: { topic: 't', file: 'f' } })
  assert.deepEqual(await connector.taskConfigs(), [{ topic: 't', file: 'f' }])
})

describe('keeps the contract of sources', () => {
  let lines = 0
  const suite = sourceConformance({
    create: () => new FileStreamSourceTask(),
    config: () => {
      const file = newFile()
      writeFileSync(file, '')
      return { file, topic: 'lines' }
    },
    produce: (count, { file }) => appendFileSync(file!, Array.from({ length: count }, () => `line ${lines++}\n`).join('')),
    badConfig: { file: 'x', 'batch.size': 'many' },
  })
  for (const { name, run } of suite) test(name, run)
})
