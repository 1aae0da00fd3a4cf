import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { recordsIn } from '../target-watch.ts'

/** How many records have arrived. */
export type Progress = () => Promise<number>

export const topicProgress =
  (cluster: Cluster, topic: string): Progress =>
  () =>
    recordsIn(cluster, topic)

const HEAD_BYTES = 4_096
const NEW_LINE = 0x0a

/**
 * Lines in a file whose lines are all as long as its first. Nothing is read but that.
 * @throws when the size is no multiple of it once `total` are there
 */
export const fileProgress = (path: string, total: number): Progress => {
  let lineBytes = 0
  return async () => {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (size > 0 && lineBytes === 0) lineBytes = firstLineBytes(path)
    if (lineBytes === 0) return 0
    const lines = Math.floor(size / lineBytes)
    if (lines >= total && size % lineBytes !== 0) throw new Error(`${path} has lines of other lengths than its first, ${lineBytes}`)
    return lines
  }
}

/** 0 until it is complete. */
const firstLineBytes = (path: string): number => {
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(HEAD_BYTES)
    return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0)).indexOf(NEW_LINE) + 1
  } finally {
    closeSync(file)
  }
}
