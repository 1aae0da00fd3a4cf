import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONNECT_STANDALONE, connectorJars, spawnJava } from '../../kafka-tool/index.ts'
import { formatProperties } from '../../kafka-tool/server-properties.ts'
import { buildIsthmus } from '../contestants/isthmus.ts'
import { JVM } from '../contestants/mirror-maker.ts'
import { isthmusProgram } from '../paths.ts'
import { adopt, type StartedProcess, startProcess } from '../processes.ts'
import type { Properties } from './shapes.ts'

export const CONTESTANTS = ['isthmus', 'java', 'java-tuned'] as const
export type ContestantName = (typeof CONTESTANTS)[number]

/** One connector for a worker that runs nothing else. */
export interface Job {
  /** Of this run, empty. */
  readonly folder: string
  readonly bootstrapServers: string
  readonly connector: Properties
}

export interface Contestant {
  readonly name: ContestantName
  /** One line for the report. */
  readonly settings: string
  start(job: Job): Promise<StartedProcess>
}

const TUNING = {
  'producer.batch.size': String(256 * 1024),
  'producer.linger.ms': '20',
  'consumer.max.poll.records': '5000',
  'consumer.max.partition.fetch.bytes': String(4 * 1024 * 1024),
  'consumer.fetch.min.bytes': '100000',
  'plugin.discovery': 'service_load',
}

/** Builds what must be built. @param command instead of `node dist/…/isthmus.js`; `connect standalone` and the files are appended */
export const prepare = async (names: readonly ContestantName[], command?: readonly string[]): Promise<readonly Contestant[]> => {
  if (names.includes('isthmus') && command === undefined) await buildIsthmus()
  const [program, ...args] = command ?? [process.execPath, isthmusProgram]
  const all: Readonly<Record<ContestantName, Contestant>> = {
    isthmus: {
      name: 'isthmus',
      settings: command === undefined ? 'isthmus connect standalone, defaults' : command.join(' '),
      start: job =>
        startProcess(program as string, [...args, 'connect', 'standalone', ...writeFiles(job, {})], {
          cwd: job.folder,
          env: { ...process.env, NODE_ENV: 'production' },
        }),
    },
    java: {
      name: 'java',
      settings: 'connect-standalone, defaults; JVM as its script starts it (-Xms256m -Xmx2g, G1)',
      start: job => startJava(job, {}, 2_048),
    },
    'java-tuned': {
      name: 'java-tuned',
      settings:
        'the same with batch.size 256 KiB, linger 20 ms, max.poll.records 5000, max.partition.fetch.bytes 4 MiB, fetch.min.bytes 100000, ' +
        'plugin.discovery service_load, -Xmx1g',
      start: job => startJava(job, TUNING, 1_024),
    },
  }
  return names.map(name => all[name])
}

const startJava = async (job: Job, tuning: Properties, heapMb: number): Promise<StartedProcess> => {
  const own = { 'plugin.path': await connectorJars(), listeners: 'http://127.0.0.1:0', ...tuning }
  const args = writeFiles(job, own)
  return adopt(await spawnJava({ mainClass: CONNECT_STANDALONE, args, heapMb, jvm: JVM, logLevel: 'info' }))
}

/** The worker's, the connector's. */
const writeFiles = ({ folder, bootstrapServers, connector }: Job, more: Properties): string[] => {
  const worker = {
    'bootstrap.servers': bootstrapServers,
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'offset.storage.file.filename': join(folder, 'offsets'),
    ...more,
  }
  return Object.entries({ worker, connector }).map(([name, properties]) => {
    const file = join(folder, `${name}.properties`)
    writeFileSync(file, formatProperties(properties))
    return file
  })
}
