import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deferred } from '../../../../../framework/flow/index.ts'
import { defaultClientSettings } from '../../../../../framework/kafka/client-settings.ts'
import type { Cluster } from '../../../../../framework/kafka/cluster.ts'
import type { Connection } from '../../../../../framework/kafka/connection.ts'
import { compactString, NO_UUID, ProtocolWriter } from '../../../../../framework/kafka/protocol/codec.ts'
import { ErrorCode } from '../../../../../framework/kafka/protocol/error-codes.ts'
import type { ReaderEvents } from '../../../../../framework/kafka/reader/events.ts'
import type { ReadPartition } from '../../../../../framework/kafka/reader/partition.ts'
import { KafkaReader } from '../../../../../framework/kafka/reader/reader.ts'
import { MemoryLogger } from '../../../../../framework/testing/memory-logger.ts'

const BROKER = 1

/** Of topic `t`, without records; partitions that it does not name have no news. */
function fetchResponse(partitions: readonly { readonly partition: number; readonly errorCode: number }[]): Buffer {
  const w = new ProtocolWriter()
  w.int32(0)
  w.int16(ErrorCode.NONE)
  w.int32(77)
  w.unsignedVarint(partitions.length === 0 ? 1 : 2)
  if (partitions.length > 0) {
    compactString.write(w, 't')
    w.unsignedVarint(partitions.length + 1)
    for (const { partition, errorCode } of partitions) {
      w.int32(partition)
      w.int16(errorCode)
      for (const offset of [10, 10, 0]) w.int64(offset)
      w.unsignedVarint(0)
      w.int32(-1)
      w.unsignedVarint(1)
      w.unsignedVarint(0)
    }
    w.unsignedVarint(0)
  }
  w.unsignedVarint(0)
  return w.bytes
}

/** One broker, which answers a fetch when told to. */
class OneBroker {
  /** Of the fetch under way. */
  #answer = deferred<Buffer>()
  #asked = deferred<void>()
  readonly connection = {
    usable: true,
    address: 'broker1:9092',
    onQuiet: null as Connection['onQuiet'],
    supports: () => false,
    sendRaw: () => {
      this.#asked.resolve()
      return this.#answer.promise
    },
    close: () => this.#answer.reject(new Error('closed')),
  }
  readonly cluster = {
    settings: { ...defaultClientSettings, bootstrapServers: ['broker1:9092'], clientId: 'test' },
    logger: new MemoryLogger(),
    describeTopics: async () => new Map(),
    topic: (name: string) => ({
      name,
      topicId: NO_UUID,
      isInternal: false,
      partitions: [0, 1].map(partition => ({ partition, leaderId: BROKER, leaderEpoch: 3 })),
    }),
    privateConnection: async () => this.connection,
    askAbout: () => undefined,
    close: async () => undefined,
  } as unknown as Cluster

  asked(): Promise<void> {
    return this.#asked.promise
  }

  /** Resolves when the next fetch is under way. */
  async answers(...partitions: Parameters<typeof fetchResponse>[0]): Promise<void> {
    const answer = this.#answer
    this.#answer = deferred()
    this.#asked = deferred()
    answer.resolve(fetchResponse(partitions))
    await this.#asked.promise
  }

  isSilent(): void {
    this.connection.onQuiet?.('Fetch', 3_000)
  }
}

interface Reading {
  readonly broker: OneBroker
  readonly reader: KafkaReader
  readonly partitions: readonly ReadPartition[]
  readonly told: string[]
}

/** A reader of two partitions that have been answered once. */
async function reading(): Promise<Reading> {
  const told: string[] = []
  const events: ReaderEvents = {
    gap: () => 'continue',
    truncated: () => 'continue',
    recreated: () => 'continue',
    retrying: ({ partition }, { code }) => void told.push(`${partition} ${code}`),
    flowing: ({ partition }) => void told.push(`${partition} flows`),
    failed: ({ partition }) => void told.push(`${partition} failed`),
    measured: () => undefined,
  }
  const broker = new OneBroker()
  const reader = new KafkaReader(broker.cluster, events)
  const partitions = reader.add([0, 1].map(partition => ({ topic: 't', partition, offset: 10 })))
  await broker.asked()
  await broker.answers({ partition: 0, errorCode: 0 }, { partition: 1, errorCode: 0 })
  return { broker, reader, partitions, told }
}

test('once a silent broker answers all partitions flow again, also those that it has no news of', async t => {
  const { broker, reader, told } = await reading()
  t.after(() => reader.close())
  broker.isSilent()
  assert.deepEqual(told.splice(0), ['0 BROKER_SILENT', '1 BROKER_SILENT'])
  await broker.answers()
  assert.deepEqual(told.splice(0), ['0 flows', '1 flows'])
  await broker.answers()
  assert.deepEqual(told, [], 'once')
})

test('of a silent broker that answers one partition with an error, that one does not flow, and the others do', async t => {
  const { broker, reader, told } = await reading()
  t.after(() => reader.close())
  broker.isSilent()
  told.splice(0)
  await broker.answers({ partition: 1, errorCode: ErrorCode.FENCED_LEADER_EPOCH })
  assert.deepEqual(told, ['1 FENCED_LEADER_EPOCH', '0 flows'])
})

test('a partition that is no longer read is not told of when a silent broker answers', async t => {
  const { broker, reader, partitions, told } = await reading()
  t.after(() => reader.close())
  broker.isSilent()
  told.splice(0)
  reader.remove(partitions[1]!)
  await broker.answers()
  assert.deepEqual(told, ['0 flows'])
})
