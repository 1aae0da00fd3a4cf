import type { SourceOffset, SourcePartition } from '../../../framework/api/index.ts'

/**
 * A source partition as MirrorMaker 2 stores it. The order of the fields is part of the format: stored keys are compared as bytes.
 */
export const sourcePartition = (cluster: string, topic: string, partition: number): SourcePartition => ({
  cluster,
  partition,
  topic,
})

/** Where the copy of a partition stands. */
export interface Position {
  /** Of the last record copied; -1 = none. */
  readonly offset: number
  /** Of the topic it was read from, 32 hexadecimal digits; null = not known. */
  readonly topicId: string | null
  /** Of that record; -1 = not known. */
  readonly leaderEpoch: number
}

/** `offset` is what MirrorMaker 2 stores and reads; the others are ours, kept beside it. */
export const sourceOffset = ({ offset, topicId, leaderEpoch }: Position): SourceOffset => ({ offset, topicId, leaderEpoch })

/** A stored offset as a position; null = nothing was copied yet, or the offset was reset. */
export const positionOf = (stored: SourceOffset | null): Position | null => {
  const offset = stored?.offset
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset)) return null
  const topicId = typeof stored?.topicId === 'string' ? stored.topicId : null
  const leaderEpoch = typeof stored?.leaderEpoch === 'number' ? stored.leaderEpoch : -1
  return offset < 0 && topicId === null ? null : { offset, topicId, leaderEpoch }
}

/** `topic-3` to its parts: topics may contain dashes. */
export const parseTopicPartition = (text: string): { readonly topic: string; readonly partition: number } => {
  const dash = text.lastIndexOf('-')
  return { topic: text.slice(0, dash), partition: Number(text.slice(dash + 1)) }
}
