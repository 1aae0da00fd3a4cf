import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import {
  ConfigError,
  type Connect,
  openConnect,
  SinkConnector,
  type SinkTask,
  SourceConnector,
  type SourceTask,
} from '../../../../framework/index.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'

export const folder = mkdtempSync(join(tmpdir(), 'standalone-'))
after(() => rmSync(folder, { recursive: true }))

export const WORKER = {
  'bootstrap.servers': '127.0.0.1:1',
  'key.converter': 'StringConverter',
  'value.converter': 'JsonConverter',
  'offset.storage.file.filename': join(folder, 'offsets.json'),
}

/** What its configuration is refused for, a line each. */
export async function problemsOf(job: () => Promise<unknown>): Promise<string[]> {
  try {
    await job()
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error))
    return error.problems.map(({ key, value, message }) => `${key}${value === undefined ? '' : ` = ${value}`}: ${message}`)
  }
  throw new Error('nothing was wrong')
}

/** With a worker whose brokers are never there. */
export async function withConnect<T>(
  worker: Record<string, string>,
  job: (connect: Connect, logger: MemoryLogger) => Promise<T>,
): Promise<T> {
  const logger = new MemoryLogger()
  const connect = await openConnect({ worker: { ...WORKER, ...worker }, logger, folders: [folder] })
  try {
    return await job(connect, logger)
  } finally {
    await connect.stop()
  }
}

export class Source extends SourceConnector {
  readonly definition = {
    feed: { type: 'string', doc: 'where from' },
    depth: { type: 'int', default: '1', min: 1, doc: 'how far' },
  } as const
  async start(): Promise<void> {
    await Promise.resolve()
  }
  async taskConfigs(): Promise<readonly Record<string, string>[]> {
    return []
  }
  createTask(): SourceTask {
    throw new Error('no task is wanted')
  }
}

export class Sink extends SinkConnector {
  readonly definition = {}
  async start(): Promise<void> {
    await Promise.resolve()
  }
  async taskConfigs(): Promise<readonly Record<string, string>[]> {
    return []
  }
  createTask(): SinkTask {
    throw new Error('no task is wanted')
  }
}
