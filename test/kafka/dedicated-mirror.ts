import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filter, firstValueFrom, interval, map, merge, startWith, timeout } from 'rxjs'
import {
  type FlowState,
  type FlowStatus,
  type MirrorMaker,
  openMirror,
  type TroubledPartition,
} from '../../connectors/mirror/index.ts'
import { createInjector, PluginRegistry } from '../../framework/di/index.ts'
import { KafkaOffsetStore } from '../../framework/storage/kafka-offset-store.ts'
import type { KafkaCluster } from '../kafka-tool/index.ts'
import { formatProperties } from '../kafka-tool/server-properties.ts'
import { atTestEnd } from './at-test-end.ts'
import { EventLogger } from './event-logger.ts'
import { testClient } from './test-cluster.ts'

const DEADLINE_MS = 30_000
const LOOK_MS = 50

export interface MirrorOptions {
  readonly source: KafkaCluster
  readonly target: KafkaCluster
  /** Lines of the file beyond and above the harness's own: clusters A and B, A->B enabled, one replica, everything often, no heartbeats. */
  readonly properties?: Readonly<Record<string, string>>
  /** A state that all flows may be in when the start is over; RETRYING for one whose task fails, maybe before anybody looks. RUNNING alone by default. */
  readonly orElse?: FlowState
}

export interface Mirror {
  readonly log: EventLogger
  /** By flow. */
  status(): readonly FlowStatus[]
  /** Resolves with the first status that will do. */
  awaitStatus(what: string, isReached: (flows: readonly FlowStatus[]) => boolean): Promise<void>
  /** Resolves once all flows have nothing left to copy of this many partitions. */
  awaitCaughtUp(partitions: number): Promise<void>
  /** Resolves once a partition, `orders-3`, has FAILED. */
  awaitFailed(name: string): Promise<TroubledPartition>
  /** Drains, stores offsets and leaves the group. */
  stop(): Promise<void>
}

/** `isthmus mirror` in this process, from its file to its last commit: group, stored offsets and all. Resolves when it copies; stop it at the end. A test that fails may leave it. */
export async function startMirror({ source, target, properties, orElse }: MirrorOptions): Promise<Mirror> {
  const log = new EventLogger()
  const file = {
    clusters: 'A, B',
    'A.bootstrap.servers': source.bootstrapServers,
    'B.bootstrap.servers': target.bootstrapServers,
    'A->B.enabled': 'true',
    'A.consumer.fetch.max.wait.ms': '100',
    'A.offset.flush.interval.ms': '200',
    'B.offset.flush.interval.ms': '200',
    'offset.storage.replication.factor': '1',
    'offset.storage.partitions': '3',
    'replication.factor': '1',
    'offset-syncs.topic.replication.factor': '1',
    'checkpoints.topic.replication.factor': '1',
    'emit.heartbeats.enabled': 'false',
    ...properties,
  }
  const maker = await openWith(file, log)
  const mirror = control(maker, log)
  maker.start()
  atTestEnd(() => maker.stop())
  try {
    const isOver = ({ state }: FlowStatus): boolean => state === 'RUNNING' || state === 'FAILED' || state === orElse
    await mirror.awaitStatus('all flows RUNNING', flows => flows.every(isOver))
    const failed = maker.status().find(({ state }) => state === 'FAILED')
    if (failed !== undefined) throw new Error(`flow ${failed.name} FAILED: ${failed.cause}`)
  } catch (error) {
    maker.stopNow()
    throw error
  }
  return mirror
}

async function openWith(file: Readonly<Record<string, string>>, log: EventLogger): Promise<MirrorMaker> {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-mirror-'))
  try {
    const path = join(folder, 'mm2.properties')
    writeFileSync(path, formatProperties(file))
    const plugins = new PluginRegistry().loader([folder])
    return await openMirror(path, { injector: createInjector(), plugins, logger: log, program: 'isthmus/test' })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function control(maker: MirrorMaker, log: EventLogger): Mirror {
  const failed = (name: string): TroubledPartition | undefined =>
    maker
      .status()
      .flatMap(({ troubled }) => troubled)
      .find(partition => partition.name === name && partition.state === 'FAILED')
  const awaitStatus: Mirror['awaitStatus'] = async (what, isReached) => {
    const looks$ = merge(maker.change$, interval(LOOK_MS)).pipe(startWith(undefined))
    const reached$ = looks$.pipe(
      map(() => maker.status()),
      filter(isReached),
      timeout(DEADLINE_MS),
    )
    await firstValueFrom(reached$).catch((cause: unknown) => {
      throw new Error(`not within ${DEADLINE_MS} ms: ${what}; now ${JSON.stringify(maker.status())}`, { cause })
    })
  }
  return {
    log,
    status: () => maker.status(),
    awaitStatus,
    awaitCaughtUp: partitions =>
      awaitStatus(`${partitions} partitions CAUGHT_UP`, flows => {
        const done = flows.reduce((sum, { partitionsByState }) => sum + (partitionsByState.CAUGHT_UP ?? 0), 0)
        return done === partitions
      }),
    async awaitFailed(name) {
      await awaitStatus(`${name} FAILED`, () => failed(name) !== undefined)
      return failed(name)!
    },
    stop: () => maker.stop(),
  }
}

/** Stores source offsets of A by hand, one for each partition of a topic, as an earlier run would have. */
export async function storeOffsets(target: KafkaCluster, topic: string, offsets: readonly number[]): Promise<void> {
  const { cluster } = testClient(target.bootstrapServers)
  const never = new AbortController().signal
  const options = {
    topic: 'mm2-offsets.A.internal',
    connectorName: 'MirrorSourceConnector',
    replicationFactor: 1,
    partitions: 3,
    standardFields: ['offset'],
  }
  try {
    const store = await KafkaOffsetStore.open(cluster, options, never)
    await store.save(
      offsets.map((offset, partition) => [{ cluster: 'A', partition, topic }, { offset }] as const),
      never,
    )
    await store.close()
  } finally {
    await cluster.close()
  }
}
