import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../../kafka-tool/index.ts'
import { runBenchJava } from '../bench-java.ts'
import { openCluster } from '../target-watch.ts'
import { PARTITIONS } from '../workloads.ts'
import { writeLines } from './lines.ts'
import type { Shape } from './shapes.ts'

/** The cluster and the inputs that all workers share. */
export interface Scene {
  readonly cluster: KafkaCluster
  /** For administration only. */
  readonly bridge: Bridge
  /** Our own connection. */
  readonly watch: Cluster
  readonly folder: string
  /** In each input. */
  readonly records: number
  /** A name that no connector, group or topic has had. */
  newName(): string
  /** Path of the file, or name of the topic, made when it is first asked for. */
  inputOf(shape: Shape): Promise<string>
  close(): Promise<void>
}

export const BROKER_SETTINGS = 'one broker, -Xmx768m and the JVM defaults otherwise, replication factor 1, loopback'
const WRITE_MS = 300_000

export const openScene = async (records: number): Promise<Scene> => {
  const cluster = await startCluster({ name: 'connect', jvm: [], heapMb: 768 })
  const folder = mkdtempSync(join(tmpdir(), 'bench-connect-'))
  const bridge = await startBridge()
  const watch = await openCluster(cluster.bootstrapServers)
  const inputs = new Map<string, Promise<string>>()
  let names = 0

  const once = (name: string, make: () => Promise<string>): Promise<string> => {
    const made = inputs.get(name) ?? make()
    inputs.set(name, made)
    return made
  }
  const fileOf = ({ lines }: Shape): Promise<string> =>
    once(`file ${lines}`, async () => {
      const path = join(folder, `${lines}.txt`)
      await writeLines(path, lines, records)
      return path
    })
  const topicOf = (shape: Shape): Promise<string> =>
    once(`topic ${shape.lines}`, async () => {
      const topic = `lines-${shape.lines}`
      await bridge.createTopic(cluster, topic, { partitions: PARTITIONS })
      const args = [cluster.bootstrapServers, topic, String(PARTITIONS), await fileOf(shape)]
      await runBenchJava('Lines', args, WRITE_MS)
      return topic
    })

  return {
    cluster,
    bridge,
    watch,
    folder,
    records,
    newName: () => `bench-${++names}`,
    inputOf: shape => (shape.direction === 'source' ? fileOf(shape) : topicOf(shape)),
    async close() {
      await watch.close()
      await bridge.close()
      await cluster.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
