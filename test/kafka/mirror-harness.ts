import { filter, firstValueFrom, map, timeout } from 'rxjs'
import { checkMirrorFile, type MirrorFlow } from '../../connectors/mirror/config/index.ts'
import { MirrorSourceConnector } from '../../connectors/mirror/source/index.ts'
import type { SourcePartition } from '../../framework/api/index.ts'
import { Cluster } from '../../framework/kafka/cluster.ts'
import { KafkaWriter } from '../../framework/kafka/writer/writer.ts'
import { defaultRestartSettings, defaultSourceTaskSettings, Worker, type WorkerStatus } from '../../framework/runtime/index.ts'
import type { PartitionEntry } from '../../framework/runtime/partition-entry.ts'
import { MemoryOffsetStore } from '../../framework/storage/memory-offset-store.ts'
import type { OffsetStore } from '../../framework/storage/offset-store.ts'
import {
  DefaultConfigPropertyFilter,
  DefaultReplicationPolicy,
  DefaultTopicFilter,
  IdentityReplicationPolicy,
} from '../../policies/index.ts'
import type { KafkaCluster } from '../kafka-tool/index.ts'
import { atTestEnd } from './at-test-end.ts'
import { EventLogger } from './event-logger.ts'

const DEADLINE_MS = 30_000

export interface MirrorOptions {
  readonly source: KafkaCluster
  readonly target: KafkaCluster
  /** Lines of the file beyond and above the harness's own: clusters A and B, A->B enabled, one replica. */
  readonly properties?: Readonly<Record<string, string>>
  /** In memory by default. */
  readonly offsetStore?: OffsetStore
}

export interface Mirror {
  readonly log: EventLogger
  status(): WorkerStatus
  /** Resolves with the first status that will do. */
  awaitStatus(what: string, isReached: (partitions: readonly PartitionEntry[]) => boolean): Promise<void>
  /** Resolves with the entry once the partition of A has failed. */
  awaitFailed(topic: string, partition: number): Promise<PartitionEntry>
  /** Drains and commits. */
  stop(): Promise<void>
}

/** A mirror inside this process, started: its first refresh is over. Stop it at the end. */
export async function startMirror(options: MirrorOptions): Promise<Mirror> {
  const { source, target, properties, offsetStore = new MemoryOffsetStore() } = options
  const file = {
    clusters: 'A, B',
    'A.bootstrap.servers': source.bootstrapServers,
    'B.bootstrap.servers': target.bootstrapServers,
    'A->B.enabled': 'true',
    'A.consumer.fetch.max.wait.ms': '100',
    'replication.factor': '1',
    'offset-syncs.topic.replication.factor': '1',
    ...properties,
  }
  const log = new EventLogger()
  const worker = new Worker({ restart: defaultRestartSettings, gracefulTimeoutMs: 5_000, logger: log })
  atTestEnd(() => worker.stop())
  try {
    for (const flow of checkMirrorFile(file).flows) await startFlow(worker, flow, offsetStore, log)
  } catch (error) {
    worker.stopNow()
    throw error
  }
  return {
    log,
    status: () => worker.status(),
    awaitStatus: (what, isReached) => awaitStatus(worker, what, isReached),
    async awaitFailed(topic, partition) {
      const find = (entries: readonly PartitionEntry[]) => entries.find(entry => isOf(entry, topic, partition))
      await awaitStatus(worker, `${topic}-${partition} FAILED`, entries => find(entries)?.state === 'FAILED')
      return find(entriesOf(worker.status()))!
    },
    stop: () => worker.stop(),
  }
}

async function startFlow(worker: Worker, flow: MirrorFlow, offsetStore: OffsetStore, logger: EventLogger): Promise<void> {
  const config = flow.connectors.MirrorSourceConnector
  const isIdentity = config['replication.policy.class']?.endsWith('IdentityReplicationPolicy') ?? false
  const policy = isIdentity ? new IdentityReplicationPolicy() : new DefaultReplicationPolicy()
  const topicFilter = new DefaultTopicFilter()
  const configPropertyFilter = new DefaultConfigPropertyFilter()
  for (const part of [policy, topicFilter, configPropertyFilter]) part.configure(config)
  const { client, writer } = flow.clients.dataProducer
  await worker.startConnector({
    name: `${flow.name}/MirrorSourceConnector`,
    config,
    maxTasks: flow.sourceConfig['tasks.max'],
    createConnector: () => new MirrorSourceConnector({ policy, topicFilter, configPropertyFilter }),
    services: {
      offsetStore,
      encodeRecords: () => [],
      settings: {
        ...defaultSourceTaskSettings,
        windowBytes: flow.sourceConfig['isthmus.window.bytes'],
        flushIntervalMs: 100,
      },
      createWriter: ({ signal }) => KafkaWriter.open(new Cluster(client, logger), signal, writer),
    },
  })
}

async function awaitStatus(
  worker: Worker,
  what: string,
  isReached: (partitions: readonly PartitionEntry[]) => boolean,
): Promise<void> {
  const reached$ = worker.status$.pipe(map(entriesOf), filter(isReached), timeout(DEADLINE_MS))
  await firstValueFrom(reached$).catch((cause: unknown) => {
    const states = entriesOf(worker.status()).map(
      ({ partition, status }) => `${partition.topic}-${partition.partition} ${status.state}`,
    )
    throw new Error(`not within ${DEADLINE_MS} ms: ${what}; now ${states.join(', ')}`, { cause })
  })
}

const entriesOf = (status: WorkerStatus): readonly PartitionEntry[] =>
  status.connectors.flatMap(({ tasks }) => tasks.flatMap(({ partitions }) => partitions))

const isOf = ({ partition }: { readonly partition: SourcePartition }, topic: string, number: number): boolean =>
  partition.topic === topic && partition.partition === number
