import { spawnJava } from '../../kafka-tool/index.ts'
import { adopt, type StartedProcess } from '../processes.ts'
import type { Contestant, Job } from './contestant.ts'
import { mirrorProperties, writeProperties } from './mirror-properties.ts'

/** As connect-mirror-maker.sh and connect-standalone.sh start it. */
export const SCRIPT_JVM = [
  '-server',
  '-Xms256m',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-XX:InitiatingHeapOccupancyPercent=35',
  '-XX:+ExplicitGCInvokesConcurrent',
  '-XX:MaxInlineLevel=15',
  '-Djava.awt.headless=true',
]
const DEFAULT_HEAP_MB = 2048
const TUNED_HEAP_MB = 1024

const tuning = ({ alias, compressible }: Job): Record<string, string> => ({
  'target.producer.batch.size': String(256 * 1024),
  'target.producer.linger.ms': '20',
  ...(compressible ? { 'target.producer.compression.type': 'lz4' } : {}),
  [`${alias}.consumer.max.poll.records`]: '5000',
  [`${alias}.consumer.max.partition.fetch.bytes`]: String(4 * 1024 * 1024),
  [`${alias}.consumer.fetch.min.bytes`]: '100000',
})

const start = async (name: string, properties: Record<string, string>, heapMb: number): Promise<StartedProcess> => {
  const args = [writeProperties(name, properties), '--clusters', 'target']
  return adopt(
    await spawnJava({
      mainClass: 'org.apache.kafka.connect.mirror.MirrorMaker',
      args,
      heapMb,
      jvm: SCRIPT_JVM,
      logLevel: 'info',
    }),
  )
}

/** The real MirrorMaker 2 in dedicated mode, everything at its default. */
export const mirrorMaker: Contestant = {
  name: 'mm2',
  settings: 'dedicated mode, --clusters target, defaults; JVM as its script starts it (-Xms256m -Xmx2g, G1)',
  isMirror: true,
  start: job => start('mm2', mirrorProperties(job), DEFAULT_HEAP_MB),
}

/** As an operator would tune it for throughput. */
export const tunedMirrorMaker: Contestant = {
  name: 'mm2-tuned',
  settings:
    'the same with batch.size 256 KiB, linger 20 ms, max.poll.records 5000, max.partition.fetch.bytes 4 MiB, fetch.min.bytes 100000, lz4 for the JSON, -Xmx1g',
  isMirror: true,
  start: job => start('mm2-tuned', { ...mirrorProperties(job), ...tuning(job) }, TUNED_HEAP_MB),
}
