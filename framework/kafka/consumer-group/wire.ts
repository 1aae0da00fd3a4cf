import {
  array,
  int16,
  int32,
  nullableBytes,
  nullableString,
  ProtocolReader,
  ProtocolWriter,
  string,
  struct,
} from '../protocol/codec.ts'

/** One partition of one topic. */
export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** What a member says of itself when it joins. */
export interface Subscription {
  readonly topics: readonly string[]
  /** What it has and will keep unless told otherwise; empty for a member that gave all back before it joined. */
  readonly owned: readonly TopicPartition[]
  /** Generation in which it was given what it owns; -1 = unknown or none. */
  readonly generationId: number
  readonly rack: string | null
}

/**
 * Formats of Kafka's consumer protocol (ConsumerProtocolSubscription and ConsumerProtocolAssignment in Kafka's message schemas), as the Java
 * consumer's members read and write them. A reader of an older version ignores what follows the fields it knows, and so do we.
 */
const SUBSCRIPTION_VERSION = 3
const ASSIGNMENT_VERSION = 0
const OWNED_SINCE = 1
const GENERATION_SINCE = 2
const RACK_SINCE = 3

const byTopic = array(struct({ topic: string, partitions: array(int32) }))
const topics = array(string)

export const encodeSubscription = (subscription: Subscription): Buffer => {
  const writer = new ProtocolWriter()
  int16.write(writer, SUBSCRIPTION_VERSION)
  topics.write(writer, subscription.topics)
  nullableBytes.write(writer, null)
  byTopic.write(writer, grouped(subscription.owned))
  int32.write(writer, subscription.generationId)
  nullableString.write(writer, subscription.rack)
  return writer.bytes
}

/** Of any version. Throws a RangeError when the bytes end too early. */
export const decodeSubscription = (bytes: Buffer): Subscription => {
  const reader = new ProtocolReader(bytes)
  const version = reader.int16()
  const subscribed = topics.read(reader)
  const userData = nullableBytes.read(reader)
  const owned = version >= OWNED_SINCE ? flat(byTopic.read(reader)) : []
  const generationId = version >= GENERATION_SINCE ? reader.int32() : generationIn(userData)
  const rack = version >= RACK_SINCE ? nullableString.read(reader) : null
  return { topics: subscribed, owned, generationId, rack }
}

export const encodeAssignment = (partitions: readonly TopicPartition[]): Buffer => {
  const writer = new ProtocolWriter()
  int16.write(writer, ASSIGNMENT_VERSION)
  byTopic.write(writer, grouped(partitions))
  nullableBytes.write(writer, null)
  return writer.bytes
}

/** Of any version; nothing for a member that was given no bytes. */
export const decodeAssignment = (bytes: Buffer): readonly TopicPartition[] => {
  if (bytes.length === 0) return []
  const reader = new ProtocolReader(bytes)
  reader.int16()
  return flat(byTopic.read(reader))
}

/** Members older than version 2 that stick to their partitions have their generation, an int32, as user data. */
const generationIn = (userData: Buffer | null): number => (userData?.length === 4 ? userData.readInt32BE(0) : -1)

const grouped = (partitions: readonly TopicPartition[]) =>
  [...Map.groupBy(partitions, ({ topic }) => topic)].map(([topic, of]) => ({
    topic,
    partitions: of.map(({ partition }) => partition),
  }))

const flat = (grouped: readonly { readonly topic: string; readonly partitions: readonly number[] }[]): TopicPartition[] =>
  grouped.flatMap(({ topic, partitions }) => partitions.map(partition => ({ topic, partition })))

export const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`
