import { type ClientKeys, commonClientKeys, given, none, used } from '../../../framework/kafka/client-config/client-keys.ts'

const AS_BYTES = 'batches are copied as they are'
const NO_GROUP = 'partitions are assigned by the connector, not by a consumer group'

const common: ClientKeys = { ...commonClientKeys, 'client.id': used('put before the id the mirror gives each client') }

const consumer: ClientKeys = {
  'fetch.min.bytes': used('a broker answers once it has this many bytes'),
  'fetch.max.wait.ms': used('or after this long'),
  'fetch.max.bytes': used('bytes of one answer, about; isthmus.fetch.max.bytes says the same and wins'),
  'max.partition.fetch.bytes': used('bytes per partition of one answer, about'),
  'isolation.level': used('default read_committed here: records of aborted transactions are not copied'),
  'auto.offset.reset': used('where to begin a partition that has no stored offset'),
  'client.rack': used('a nearer replica may be read'),
  'check.crcs': given('each batch carries its checksum to the target, which checks it'),
  'enable.auto.commit': given('never: offsets are stored with the target, in mm2-offsets'),
  'auto.commit.interval.ms': none('offsets are stored every offset.flush.interval.ms'),
  'allow.auto.create.topics': given('reading creates no topic'),
  'exclude.internal.topics': given('internal topics are never copied'),
  'max.poll.records': none(`${AS_BYTES}; isthmus.window.bytes limits what is held`),
  'max.poll.interval.ms': none(NO_GROUP),
  'poll.timeout.ms': given('see fetch.max.wait.ms'),
  'group.id': none(NO_GROUP),
  'group.instance.id': none(NO_GROUP),
  'group.protocol': none(NO_GROUP),
  'group.remote.assignor': none(NO_GROUP),
  'session.timeout.ms': none(NO_GROUP),
  'heartbeat.interval.ms': none(NO_GROUP),
  'partition.assignment.strategy': none(NO_GROUP),
  'key.deserializer': given('bytes'),
  'value.deserializer': given('bytes'),
}

const producer: ClientKeys = {
  acks: used('all unless it is 1; 0 is refused, since nothing could be told to have arrived'),
  'max.request.size': used('bytes of one request, about; a larger batch goes alone'),
  'delivery.timeout.ms': none('a batch is tried again until the target takes it, refuses it for good, or the task stops'),
  retries: none('a batch is tried again until the target takes it, refuses it for good, or the task stops'),
  'enable.idempotence': given('always, so that retries neither repeat nor reorder'),
  'max.in.flight.requests.per.connection': none('up to 5 requests are on their way, in order all the same'),
  'compression.type': none(`${AS_BYTES}, with the codec they came in`),
  'compression.gzip.level': none(AS_BYTES),
  'compression.lz4.level': none(AS_BYTES),
  'compression.zstd.level': none(AS_BYTES),
  'batch.size': none(`${AS_BYTES}; small ones may be joined`),
  'linger.ms': none(`${AS_BYTES}, as soon as there is room`),
  'buffer.memory': none('isthmus.window.bytes limits what is held'),
  'max.block.ms': none('isthmus.window.bytes limits what is held, and reading waits'),
  'partitioner.class': given('each record keeps its partition'),
  'partitioner.ignore.keys': given('each record keeps its partition'),
  'partitioner.adaptive.partitioning.enable': given('each record keeps its partition'),
  'partitioner.availability.timeout.ms': given('each record keeps its partition'),
  'metadata.max.idle.ms': none('see metadata.max.age.ms'),
  'key.serializer': given('bytes'),
  'value.serializer': given('bytes'),
  'transaction.timeout.ms': none('delivery is at least once, without transactions'),
  'transactional.id': none('delivery is at least once, without transactions'),
  'transaction.two.phase.commit.enable': none('delivery is at least once, without transactions'),
}

const admin: ClientKeys = {
  'timeout.ms': given('admin.timeout.ms limits a job'),
  retries: none('a failed job is tried again at its next turn'),
  'bootstrap.controllers': none('brokers are asked'),
}

/** Every known setting of each kind of client, besides `ssl.*`, `sasl.*` and `security.*`. */
export const clientKeys: Readonly<Record<'consumer' | 'producer' | 'admin' | 'worker', ClientKeys>> = {
  consumer: { ...common, ...consumer },
  producer: { ...common, ...producer },
  admin: { ...common, ...admin },
  worker: common,
}
