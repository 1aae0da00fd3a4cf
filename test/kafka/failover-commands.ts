import assert from 'node:assert/strict'
import type { Bridge, KafkaCluster } from '../kafka-tool/index.ts'
import { formatProperties } from '../kafka-tool/server-properties.ts'
import { type CliResult, runCli, tempFiles } from './cli-process.ts'
import { type Mirror, startMirror } from './dedicated-mirror.ts'

export type Properties = Readonly<Record<string, string>>

export const IDENTITY = { 'replication.policy.class': 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy' }

/** Often enough for a test. */
const QUICK = {
  'emit.checkpoints.interval.seconds': '0.1',
  'refresh.groups.interval.seconds': '0.3',
  'refresh.topics.interval.seconds': '1',
  'checkpoints.topic.replication.factor': '1',
  'emit.heartbeats.enabled': 'false',
  'replication.factor': '1',
  'offset-syncs.topic.replication.factor': '1',
  'offset.storage.replication.factor': '1',
  'offset.storage.partitions': '3',
}

export interface Partition {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly lag: number | null
  readonly targetTopic: string
  readonly targetOffset: number | null
  readonly exactness: string
  readonly readAgainAtMost: number
  readonly committed: number | null
  readonly action: string
}

/** What the commands print with `--json`. */
export interface Report {
  readonly status: string
  readonly positions: string
  readonly checks: readonly { readonly name: string; readonly outcome: string; readonly message: string }[]
  readonly groups: readonly { readonly group: string; readonly partitions: readonly Partition[] }[]
  readonly starts: readonly { readonly topic: string; readonly partition: number; readonly now: number; readonly toBe: number }[]
  readonly neverCopied: readonly {
    readonly topic: string
    readonly partition: number
    readonly firstOffset: number
    readonly lastOffset: number
    readonly records: number
  }[]
  readonly waiting: readonly string[]
}

export interface Outcome extends CliResult {
  /** Of a command that got as far as printing. */
  readonly report: Report
}

/** The commands and the mirror of one file between two clusters. */
export class Pair {
  readonly #files = tempFiles()
  readonly a: KafkaCluster
  readonly b: KafkaCluster
  readonly #properties: Properties
  #written = 0

  constructor(a: KafkaCluster, b: KafkaCluster, properties: Properties) {
    this.a = a
    this.b = b
    this.#properties = {
      clusters: 'A, B',
      'A.bootstrap.servers': a.bootstrapServers,
      'B.bootstrap.servers': b.bootstrapServers,
      ...QUICK,
      ...properties,
    }
  }

  /** The file with changes. */
  file(changes: Properties = {}): string {
    return this.#files.write(`mm2-${++this.#written}.properties`, formatProperties({ ...this.#properties, ...changes }))
  }

  /** Runs a command with `--json`: `run('failover', 'A->B', '--plan')`. */
  async run(command: string, flow: string, ...args: readonly string[]): Promise<Outcome> {
    const result = await runCli(command, this.file(), flow, '--json', ...args)
    const report = result.stdout === '' ? null : (JSON.parse(result.stdout) as Report)
    return { ...result, report: report as Report }
  }

  /** The same; asserts the exit code. */
  async expect(code: number, command: string, flow: string, ...args: readonly string[]): Promise<Report> {
    const outcome = await this.run(command, flow, ...args)
    assert.equal(outcome.code, code, outcome.stdout + outcome.stderr)
    return outcome.report
  }

  /** The mirror with only this flow, or these, enabled. */
  mirror(...flows: readonly string[]): Promise<Mirror> {
    const enabled = { 'A->B.enabled': 'false', ...Object.fromEntries(flows.map(flow => [`${flow}.enabled`, 'true'])) }
    return startMirror({ source: this.a, target: this.b, properties: { ...this.#properties, ...enabled } })
  }

  remove(): void {
    this.#files.remove()
  }
}

export const outcomeOf = ({ checks }: Report, name: string): string | undefined =>
  checks.find(check => check.name === name)?.outcome

export const messageOf = ({ checks }: Report, name: string): string => checks.find(check => check.name === name)?.message ?? ''

/** The offset that a group has in partition 0 of a topic; undefined = none. */
export async function committedIn(
  bridge: Bridge,
  cluster: KafkaCluster,
  group: string,
  topic: string,
): Promise<number | undefined> {
  const offsets = await bridge.groupOffsets(cluster, group)
  return offsets.find(offset => offset.topic === topic && offset.partition === 0)?.offset
}

/** Values that a group reads on from where it stands, and commits. A group without an offset fails. */
export async function readOn(
  bridge: Bridge,
  cluster: KafkaCluster,
  options: {
    readonly group: string
    readonly topics: readonly string[]
    readonly count: number
    readonly reset?: 'none' | 'earliest'
  },
): Promise<string[]> {
  const consumer = bridge.consume(cluster, { reset: 'none', ...options })
  await consumer.done
  return consumer.records.map(({ value }) => value ?? '')
}

/** `<name> 0` and so on. */
export const named = (name: string, count: number, from = 0): { readonly partition: number; readonly value: string }[] =>
  Array.from({ length: count }, (_, i) => ({ partition: 0, value: `${name} ${from + i}` }))

export const valuesIn = async (bridge: Bridge, cluster: KafkaCluster, topic: string): Promise<string[]> =>
  (await bridge.dump(cluster, topic)).map(({ value }) => `${value}`)
