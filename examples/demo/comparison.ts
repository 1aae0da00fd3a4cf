import { styleText } from 'node:util'
import Table from 'cli-table3'
import type { Bridge, Comparison, KafkaCluster } from '../../test/kafka-tool/index.ts'
import type { WrittenTopic } from './records.ts'

/** A topic and its copy, both read in full. */
export interface ComparedTopic {
  readonly topic: WrittenTopic
  readonly copy: string
  readonly comparison: Comparison
  readonly codecs: string
  readonly codecsOfCopy: string
}

/** Compares every record: key, value, headers, timestamp, partition, order. */
export async function compareTopic(
  bridge: Bridge,
  source: KafkaCluster,
  target: KafkaCluster,
  topic: WrittenTopic,
): Promise<ComparedTopic> {
  const copy = `east.${topic.name}`
  const [comparison, codecs, codecsOfCopy] = await Promise.all([
    bridge.compare(source, target, topic.name, { targetTopic: copy }),
    codecsOf(bridge, source, topic.name),
    codecsOf(bridge, target, copy),
  ])
  return { topic, copy, comparison, codecs, codecsOfCopy }
}

export function isFaithful({ topic, comparison, codecs, codecsOfCopy }: ComparedTopic): boolean {
  return comparison.equal && comparison.target === topic.records && codecs === codecsOfCopy
}

/** Codecs of the batches on disk. */
async function codecsOf(bridge: Bridge, cluster: KafkaCluster, topic: string): Promise<string> {
  const { partitions } = await bridge.describeTopic(cluster, topic)
  const batches = await Promise.all(partitions.map(({ partition }) => bridge.batches(cluster, topic, partition)))
  const codecs = batches
    .flat()
    .filter(({ control }) => !control)
    .map(({ codec }) => codec)
  return [...new Set(codecs)].sort().join(', ')
}

export function summaryTable(topics: readonly ComparedTopic[]): string {
  const table = new Table({
    head: ['topic', 'copy', 'codecs', 'written', 'arrived', 'missing', 'twice', 'reordered', 'altered', ''],
    colAligns: ['left', 'left', 'left', ...Array.from({ length: 6 }, () => 'right' as const), 'left'],
    style: { head: [], border: [], compact: true },
  })
  for (const compared of topics) {
    const { topic, copy, comparison, codecs, codecsOfCopy } = compared
    const { target, missing, duplicated, reordered, altered, unexpected } = comparison
    const figures = [topic.records, target, missing, duplicated + unexpected, reordered, altered]
    table.push([
      topic.name,
      copy,
      codecs === codecsOfCopy ? codecs : `${codecs} -> ${codecsOfCopy}`,
      ...figures.map(n => n.toLocaleString('en-US')),
      isFaithful(compared) ? styleText('green', 'equal') : styleText('red', 'DIFFERS'),
    ])
  }
  return [table.toString(), ...topics.flatMap(differencesOf)].join('\n')
}

function differencesOf({ topic, comparison }: ComparedTopic): readonly string[] {
  return comparison.examples.map(example => `${topic.name}: ${example}`)
}
