import type { Reporter } from '../config/findings.ts'
import { propertiesBelow } from '../config/load-plugin.ts'
import { didYouMean } from '../config/nearest.ts'
import { type ClientKeys, commonClientKeys, given, none, used } from '../kafka/client-config/client-keys.ts'

type Properties = Readonly<Record<string, string>>

export type ClientKind = 'producer' | 'consumer' | 'admin'

const AT_ONCE = 'records are sent as they come, and joined with those that wait'
const WINDOW = 'at most 16 MiB of a task are on their way'
const FOR_EVER = 'a batch is tried again until the brokers take it, refuse it for good, or the task stops'
const AT_LEAST_ONCE = 'delivery is at least once, without transactions'
const BYTES = 'converters make the bytes'

const producer: ClientKeys = {
  'compression.type': used('how record batches are compressed'),
  acks: given('all: records are safe before their offsets are stored'),
  'enable.idempotence': given('always, so that retries neither repeat nor reorder'),
  'max.in.flight.requests.per.connection': given('up to 5, in order all the same'),
  'delivery.timeout.ms': none(FOR_EVER),
  retries: none(FOR_EVER),
  'max.request.size': none('requests have 1 MiB, about; a larger batch goes alone'),
  'compression.gzip.level': none("each codec's default level is used"),
  'compression.lz4.level': none("each codec's default level is used"),
  'compression.zstd.level': none("each codec's default level is used"),
  'batch.size': none(AT_ONCE),
  'linger.ms': none(AT_ONCE),
  'buffer.memory': none(WINDOW),
  'max.block.ms': none(`${WINDOW}, and the source waits`),
  'partitioner.class': none("keys are shared out as Java's producers do it"),
  'partitioner.ignore.keys': none("keys are shared out as Java's producers do it"),
  'partitioner.adaptive.partitioning.enable': none('records without a key are shared out evenly'),
  'partitioner.availability.timeout.ms': none('records without a key are shared out evenly'),
  'metadata.max.idle.ms': none('see metadata.max.age.ms'),
  'key.serializer': given(BYTES),
  'value.serializer': given(BYTES),
  'transaction.timeout.ms': none(AT_LEAST_ONCE),
  'transactional.id': none(AT_LEAST_ONCE),
  'transaction.two.phase.commit.enable': none(AT_LEAST_ONCE),
}

const consumer: ClientKeys = {
  'client.rack': used('a nearer replica may be read'),
  'group.id': used('of a connector; a worker cannot have all its sinks in one group'),
  'auto.offset.reset': used('where to begin'),
  'isolation.level': used('read_committed by default'),
  'max.poll.records': used('records of one batch'),
  'session.timeout.ms': used('without a heartbeat for so long a task counts as dead'),
  'heartbeat.interval.ms': used('how often it says that it is alive'),
  'max.poll.interval.ms': used('how long a rebalance waits for a task'),
  'partition.assignment.strategy': used('best first'),
  'enable.auto.commit': given('never: what a task has acknowledged is committed'),
  'check.crcs': given('always'),
  'allow.auto.create.topics': given('reading creates no topic'),
  'exclude.internal.topics': given('internal topics match no regular expression'),
  'key.deserializer': given(BYTES),
  'value.deserializer': given(BYTES),
  'fetch.min.bytes': none('brokers answer as soon as there is something'),
  'fetch.max.wait.ms': none('brokers answer as soon as there is something'),
  'fetch.max.bytes': none(WINDOW),
  'max.partition.fetch.bytes': none(WINDOW),
  'auto.commit.interval.ms': none('what is acknowledged is committed every second'),
  'group.instance.id': none('members are dynamic'),
  'group.protocol': none('the classic protocol is spoken, which every broker knows'),
  'group.remote.assignor': none('the classic protocol is spoken, which every broker knows'),
}

const KEYS: Readonly<Record<ClientKind, ClientKeys>> = {
  producer: { ...commonClientKeys, ...producer },
  consumer: { ...commonClientKeys, ...consumer },
  admin: commonClientKeys,
}

/** Warns of the settings of connectors' clients, below the prefix, that change nothing here or that no such client has. */
export function warnOfClientKeys(kind: ClientKind, prefix: string, properties: Properties, report: Reporter): void {
  const known = KEYS[kind]
  for (const [key, value] of Object.entries(propertiesBelow(properties, prefix))) {
    if (/^(ssl|sasl|security)\./.test(key)) continue
    const meaning = Object.hasOwn(known, key) ? known[key] : undefined
    if (meaning?.effect === 'none') report.warning(prefix + key, value, `has no effect here: ${meaning.meaning}; remove it`)
    if (meaning === undefined) {
      const near = didYouMean(key, Object.keys(known))
      report.warning(prefix + key, value, `is not a known ${kind} setting and is ignored${near}`)
    }
  }
}
