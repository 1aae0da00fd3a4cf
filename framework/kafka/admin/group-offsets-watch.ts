import { ConnectError } from '../../api/connect-error.ts'
import { BrokerError } from '../client-errors.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection.ts'
import { ProtocolReader, ProtocolWriter } from '../protocol/codec.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import { offsetFetch, offsetFetchOfOne } from '../protocol/group-offsets.ts'
import { inChunks } from './chunks.ts'
import { type CommittedOffset, readGroupSection } from './group-section.ts'

/** What one look at many groups has found. */
export interface GroupOffsetsNews {
  /** Groups whose committed offsets differ from those of the last look. */
  readonly changed: ReadonlyMap<string, readonly CommittedOffset[]>
  /** Groups that could not be looked at. */
  readonly failed: ReadonlyMap<string, ConnectError>
}

/**
 * Committed offsets of many groups, looked at again and again. A coordinator answers for many groups at once, and an answer that is the same
 * as the last one is not decoded: a group at rest costs a comparison of its bytes.
 */
export class GroupOffsetsWatch {
  readonly #cluster: Cluster
  readonly #seen = new Map<string, Buffer>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /**
   * Looks once. Groups of a broker that does not answer count as failed.
   * @param coordinators of the groups to look at, by group
   */
  async look(coordinators: ReadonlyMap<string, number>): Promise<GroupOffsetsNews> {
    for (const group of this.#seen.keys()) if (!coordinators.has(group)) this.#seen.delete(group)
    const news = { changed: new Map<string, readonly CommittedOffset[]>(), failed: new Map<string, ConnectError>() }
    const byBroker = Map.groupBy(coordinators.keys(), group => coordinators.get(group) ?? -1)
    await Promise.all([...byBroker].map(([broker, groups]) => this.#lookAt(broker, groups, news)))
    return news
  }

  /** The next look tells of this group again, changed or not. */
  forget(group: string): void {
    this.#seen.delete(group)
  }

  async #lookAt(broker: number, groups: readonly string[], news: Found): Promise<void> {
    try {
      await this.#ask(broker, groups, news)
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error
      for (const group of groups) if (!news.changed.has(group)) news.failed.set(group, error)
    }
  }

  async #ask(broker: number, groups: readonly string[], news: Found): Promise<void> {
    const connection = await this.#cluster.connection(broker, 'group')
    if (connection.supports(offsetFetch.apiKey, offsetFetch.version)) {
      for (const chunk of inChunks(groups)) this.#take(chunk, await askForMany(connection, chunk), news)
    } else {
      for (const group of groups) this.#takeOne(group, await askForOne(connection, group), news)
    }
  }

  /** Groups are answered in the order in which they were asked for. */
  #take(groups: readonly string[], body: Buffer, news: Found): void {
    const reader = new ProtocolReader(body)
    reader.int32()
    const count = reader.unsignedVarint() - 1
    for (let i = 0; i < count; i++) {
      const seen = this.#seen.get(groups[i] ?? '')
      if (seen !== undefined && startsWith(body, reader.at, seen)) {
        reader.at += seen.length
        continue
      }
      const from = reader.at
      const { group, offsets, errorCode } = readGroupSection(reader)
      this.#found(group, offsets, errorCode, body.subarray(from, reader.at), news)
    }
  }

  #takeOne(group: string, body: Buffer, news: Found): void {
    const seen = this.#seen.get(group)
    if (seen?.equals(body)) return
    const { topics, errorCode } = offsetFetchOfOne.response.read(new ProtocolReader(body))
    const offsets = topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partition, committedOffset, metadata }) => ({
        topic: name,
        partition,
        offset: committedOffset,
        metadata: metadata ?? '',
      })),
    )
    const committed = offsets.filter(({ offset }) => offset >= 0)
    this.#found(group, committed, errorCode, body, news)
  }

  /** Out of the response, which would be kept as a whole. */
  #remember(group: string, bytes: Buffer): void {
    const seen = this.#seen.get(group)
    if (seen?.length === bytes.length) bytes.copy(seen)
    else this.#seen.set(group, Buffer.from(bytes))
  }

  #found(group: string, offsets: readonly CommittedOffset[], errorCode: number, bytes: Buffer, news: Found): void {
    if (errorCode === ErrorCode.NONE) {
      this.#remember(group, bytes)
      news.changed.set(group, offsets)
    } else {
      this.#seen.delete(group)
      news.failed.set(group, new BrokerError(errorCode, `offsets of group ${group}`, 'discovery'))
    }
  }
}

interface Found {
  readonly changed: Map<string, readonly CommittedOffset[]>
  readonly failed: Map<string, ConnectError>
}

/** A group's section says itself where it ends, so equal beginnings are equal sections. */
const startsWith = (body: Buffer, at: number, section: Buffer): boolean =>
  at + section.length <= body.length && body.compare(section, 0, section.length, at, at + section.length) === 0

const askForMany = (connection: Connection, groups: readonly string[]): Promise<Buffer> => {
  const request = { groups: groups.map(groupId => ({ groupId, topics: null })), requireStable: false }
  const body = new ProtocolWriter()
  offsetFetch.request.write(body, request)
  return connection.sendRaw(offsetFetch, [body.bytes])
}

const askForOne = (connection: Connection, groupId: string): Promise<Buffer> => {
  const body = new ProtocolWriter()
  offsetFetchOfOne.request.write(body, { groupId, topics: null, requireStable: false })
  return connection.sendRaw(offsetFetchOfOne, [body.bytes])
}
