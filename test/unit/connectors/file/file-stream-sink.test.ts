import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { FileStreamSinkTask } from '../../../../connectors/file/index.ts'
import { sinkConformance } from '../../../../framework/testing/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'isthmus-file-sink-'))
after(() => rmSync(folder, { recursive: true }))

let files = 0

describe('keeps the contract of sinks: a line that is delivered twice is written twice', () => {
  const suite = sinkConformance({
    create: () => new FileStreamSinkTask(),
    config: () => ({ file: join(folder, `output-${files++}.txt`) }),
    read: ({ file }) => readFileSync(file!, 'utf8').split('\n').slice(0, -1),
    badConfig: { file: join(folder, 'no such folder/output.txt') },
    emptyValues: true,
  })
  for (const { name, run } of suite) test(name, run)
})
