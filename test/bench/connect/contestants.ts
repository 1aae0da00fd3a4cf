import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONNECT_STANDALONE, connectorJars, spawnJava } from '../../kafka-tool/index.ts'
import { formatProperties } from '../../kafka-tool/server-properties.ts'
import { build } from '../contestants/isthmus.ts'
import { SCRIPT_JVM } from '../contestants/mirror-maker.ts'
import { isthmusProgram } from '../paths.ts'
import { adopt, type StartedProcess, startProcess } from '../processes.ts'

type Properties = Readonly<Record<string, string>>

export const CONNECT_CONTESTANTS = ['isthmus', 'java', 'java-tuned'] as const
export type ConnectContestantName = (typeof CONNECT_CONTESTANTS)[number]

/** One connector for a worker that runs nothing else. */
export interface ConnectJob {
  /** Of this run alone. */
  readonly folder: string
  readonly worker: Properties
  readonly connector: Properties
}

export interface ConnectContestant {
  readonly name: ConnectContestantName
  /** One line for the report. */
  readonly settings: string
  start(job: ConnectJob): Promise<StartedProcess>
}

const TUNING = {
  'producer.batch.size': String(256 * 1024),
  'producer.linger.ms': '20',
  'consumer.max.poll.records': '5000',
  'consumer.max.partition.fetch.bytes': String(4 * 1024 * 1024),
  'consumer.fetch.min.bytes': '100000',
  'plugin.discovery': 'service_load',
}

/**
 * Builds what must be built.
 * @param command instead of `node dist/…/isthmus.js`; `connect standalone` and the files are appended
 * @throws {Unavailable} when the build fails
 */
export const connectContestants = async (
  names: readonly ConnectContestantName[],
  command?: readonly string[],
): Promise<readonly ConnectContestant[]> => {
  if (names.includes('isthmus') && command === undefined) await build()
  const [program, ...args] = command ?? [process.execPath, isthmusProgram]
  const all: Readonly<Record<ConnectContestantName, ConnectContestant>> = {
    isthmus: {
      name: 'isthmus',
      settings: command === undefined ? 'isthmus connect standalone, defaults' : command.join(' '),
      start: job =>
        startProcess(program as string, [...args, 'connect', 'standalone', ...writeFiles(job)], {
          env: { ...process.env, NODE_ENV: 'production' },
        }),
    },
    java: {
      name: 'java',
      settings: 'ConnectStandalone, defaults; JVM as its script starts it (-Xms256m -Xmx2g, G1)',
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

const startJava = async (job: ConnectJob, tuning: Properties, heapMb: number): Promise<StartedProcess> => {
  const own = { 'plugin.path': await connectorJars(), listeners: 'http://127.0.0.1:0', ...tuning }
  const args = writeFiles({ ...job, worker: { ...job.worker, ...own } })
  return adopt(await spawnJava({ mainClass: CONNECT_STANDALONE, args, heapMb, jvm: SCRIPT_JVM, logLevel: 'info' }))
}

/** @returns the worker's, the connector's */
const writeFiles = ({ folder, worker, connector }: ConnectJob): string[] => {
  const offsets = { 'offset.storage.file.filename': join(folder, 'offsets') }
  return Object.entries({ worker: { ...offsets, ...worker }, connector }).map(([name, properties]) => {
    const file = join(folder, `${name}.properties`)
    writeFileSync(file, formatProperties(properties))
    return file
  })
}
