import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { KafkaCluster } from '../../kafka-tool/index.ts'
import { runBenchJava } from '../bench-java.ts'
import { cacheFolder } from '../paths.ts'
import { PARTITIONS } from '../workloads.ts'
import { lineOf } from './workloads.ts'

const CHUNK_LINES = 10_000
const NEW_LINE = 0x0a
const MIN_LOAD_MS = 60_000
const LOAD_MS_PER_RECORD = 0.05

/** @returns the file's path */
export const writeLines = async (records: number): Promise<string> => {
  mkdirSync(cacheFolder, { recursive: true })
  const path = join(cacheFolder, 'connect-lines.txt')
  const file = createWriteStream(path)
  for (let n = 0; n < records; n += CHUNK_LINES) {
    const count = Math.min(CHUNK_LINES, records - n)
    const text = Array.from({ length: count }, (_, i) => `${lineOf(n + i)}\n`).join('')
    if (!file.write(text)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'close')
  return path
}

/** The lines of a file as records, round robin over the partitions, by Java's producer: batches of 16 KB, uncompressed. */
export const loadLines = async (cluster: KafkaCluster, topic: string, file: string, records: number): Promise<void> => {
  const args = [cluster.bootstrapServers, topic, String(PARTITIONS), file]
  await runBenchJava('Lines', args, Math.max(MIN_LOAD_MS, records * LOAD_MS_PER_RECORD))
}

/** Counts the lines of a file all of whose lines are as long as the first, by its size: one look costs nothing. */
export const lineCounter = (path: string): (() => Promise<number>) => {
  let lineBytes: number | undefined
  return async () => {
    const size = await stat(path).then(
      ({ size }) => size,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return 0
        throw error
      },
    )
    if (size === 0) return 0
    lineBytes ??= await firstLineBytes(path)
    return lineBytes === undefined ? 0 : Math.floor(size / lineBytes)
  }
}

/** One by one. */
export const countLines = async (path: string): Promise<number> => {
  const file = await open(path)
  try {
    let lines = 0
    for await (const chunk of file.createReadStream({ autoClose: false }))
      for (let at = chunk.indexOf(NEW_LINE); at >= 0; at = chunk.indexOf(NEW_LINE, at + 1)) lines++
    return lines
  } finally {
    await file.close()
  }
}

const firstLineBytes = async (path: string): Promise<number | undefined> => {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1_000), 0, 1_000, 0)
    const end = buffer.subarray(0, bytesRead).indexOf(NEW_LINE)
    return end < 0 ? undefined : end + 1
  } finally {
    await file.close()
  }
}
