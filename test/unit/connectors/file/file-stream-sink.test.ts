import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { FileStreamSinkConnector, FileStreamSinkTask } from '../../../../connectors/file/index.ts'
import { MemoryLogger, SinkHarness, sinkConformance } from '../../../../framework/testing/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'isthmus-file-sink-'))
after(() => rmSync(folder, { recursive: true }))

let files = 0
function newFile(): string {
  const file = join(folder, `output-${files++}.txt`)
  writeFileSync(file, '')
  return file
}

test('records of all partitions are lines, in order within each, in the file once they are acknowledged', async () => {
  const file = newFile()
  const harness = await SinkHarness.start(new FileStreamSinkTask(), { config: { file }, format: 'text' })
  await harness.deliver('lines', 0, [{ value: 'a' }, { value: 'b' }])
  await harness.deliver('lines', 1, [{ value: 'c' }])
  await harness.deliver('lines', 0, [{ value: 'd' }, { value: null }])
  await harness.settled()
  await harness.commit()
  assert.deepEqual([harness.committed.get('lines-0'), harness.committed.get('lines-1')], [4, 1])
  const lines = readFileSync(file, 'utf8').split('\n')
  assert.deepEqual(
    lines.filter(line => line !== 'c'),
    ['a', 'b', 'd', 'null', ''],
  )
  assert.ok(lines.includes('c'))
  await harness.stop()
})

test('objects are lines of JSON', async () => {
  const file = newFile()
  const harness = await SinkHarness.start(new FileStreamSinkTask(), { config: { file } })
  await harness.deliver('lines', 0, [{ json: { id: 1, tags: ['x'] } }, { json: 5 }])
  await harness.stop()
  assert.equal(readFileSync(file, 'utf8'), '{"id":1,"tags":["x"]}\n5\n')
})

test('each task has the configuration of the connector', async () => {
  const connector = new FileStreamSinkConnector()
  const context = {
    name: 'x',
    logger: new MemoryLogger(),
    requestTaskReconfiguration: () => undefined,
    signal: new AbortController().signal,
    raiseError: () => undefined,
  }
  await connector.start({ ...context, config: { file: 'f', topics: 'lines' } })
  assert.deepEqual(await connector.taskConfigs(2), [
    { file: 'f', topics: 'lines' },
    { file: 'f', topics: 'lines' },
  ])
})

describe('keeps the contract of sinks', () => {
  const suite = sinkConformance({
    create: () => new FileStreamSinkTask(),
    config: () => ({ file: newFile() }),
    read: ({ file }) => readFileSync(file!, 'utf8').split('\n').slice(0, -1),
    harness: { format: 'text' },
    badConfig: { file: join(folder, 'absent', 'x.txt') },
  })
  for (const { name, run } of suite) test(name, run)
})
