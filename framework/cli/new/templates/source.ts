import type { PackageSpec, Template } from '../template.ts'
import { ownClass, startOf, TOPIC_CREATION, WORKER_PROPERTIES } from './connector-files.ts'

/** A source connector that counts: the place where it makes its records is the place for one's own. */
export const sourceTemplate: Template = {
  what: 'a source',
  keywords: ['source-connector'],
  start: ({ base }) => startOf(`${base}.properties`, 'console.properties'),
  files: spec => ({
    'src/index.ts': source(spec),
    'test/source.test.ts': test(spec),
    'worker.properties': WORKER_PROPERTIES,
    [`${spec.base}.properties`]: properties(spec),
    'console.properties': CONSOLE(spec),
  }),
  readme: ({
    name,
    base,
    className,
  }) => `\`${className}Connector\` brings records into Kafka. \`npm start\` runs it by \`${base}.properties\`, and beside it,
by \`console.properties\`, a sink that prints what arrives in the topic. Wherever else Isthmus runs:

\`\`\`properties
connector.class=${name}#${className}Connector
\`\`\``,
}

const source = ({ base, className }: PackageSpec): string => `import { setTimeout as sleep } from 'node:timers/promises'
import {
  type ConfigDefinition,
  connectRecord,
  parseConfig,
  pollWith,
  SourceConnector,
  type SourceConnectorContext,
  type SourcePart,
  SourceTask,
  type SourceTaskContext,
} from 'isthmus'

/** Its keys in ${base}.properties, beside those of every source. What is missing or wrong is told before anything runs. */
const definition = {
  topic: { type: 'string', doc: 'the topic that its records go to' },
  'interval.ms': { type: 'int', default: '1000', min: 1, doc: 'time between two records' },
} as const satisfies ConfigDefinition

/** Decides how many tasks share the work; never touches records. */
export class ${className}Connector extends SourceConnector {
  readonly definition: ConfigDefinition = definition
  #config: Readonly<Record<string, string>> = {}

  async start({ config }: SourceConnectorContext): Promise<void> {
    parseConfig(definition, config)
    this.#config = config
  }

  /** One configuration per task: give each of them its share, for example some of the tables or files. */
  async taskConfigs(_maxTasks: number): Promise<readonly Readonly<Record<string, string>>[]> {
    return [this.#config]
  }

  createTask(): ${className}Task {
    return new ${className}Task()
  }
}

/** Names what is read, so that its place in it can be stored: a table, a file, a feed. */
const PARTITION = { source: '${base}' }

/** Reads records. The calls come one after the other: start, batches, stop. */
export class ${className}Task extends SourceTask {
  #topic = ''
  #intervalMs = 0
  #next = 1

  /** Connect to the source here, and ask for the place behind the last record that is safe in Kafka. A rejection fails the task. */
  async start({ config, offsets }: SourceTaskContext): Promise<void> {
    const parsed = parseConfig(definition, config)
    this.#topic = parsed.topic
    this.#intervalMs = parsed['interval.ms']
    const [stored] = await offsets([PARTITION])
    this.#next = Number(stored?.next ?? 1)
  }

  /**
   * Called when there is room for more, one call at a time. Wait for records if need be, no longer than until the signal aborts; return at most
   * \`maxRecords\`, or nothing. A \`ConnectError\` of the kind \`retriable\` has the call repeated after a while, any other error fails the task.
   */
  batches: SourceTask['batches'] = pollWith(async ({ signal }): Promise<SourcePart[]> => {
    // Replace these lines by those that read your source.
    await sleep(this.#intervalMs, undefined, { signal })
    const count = this.#next++
    const record = connectRecord({ topic: this.#topic, key: '${base}', value: { count }, timestamp: Date.now() })
    // The offset is stored once Kafka has the records: after a crash the next run starts from there.
    return [{ sourcePartition: PARTITION, sourceOffset: { next: count + 1 }, records: [record] }]
  })

  /** Close what was opened; also called when \`start\` has failed. */
  override async stop(): Promise<void> {}
}
`

const test = ({ className }: PackageSpec): string => `import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceBatch } from 'isthmus'
import { MemoryOffsetStore, recordsOf, sourceConformance, TaskHarness } from 'isthmus/testing'
import { ${className}Task } from '../src/index.ts'

const config = { topic: 'counts', 'interval.ms': '1' }
const valuesOf = (batch: SourceBatch) => recordsOf(batch).map(({ value }) => value)

test('it goes on behind what Kafka has, and repeats what it has not', async () => {
  const offsets = new MemoryOffsetStore()
  const first = await TaskHarness.start(new ${className}Task(), { config, offsets })
  const batch = await first.demand()
  assert.deepEqual(valuesOf(batch), [{ count: 1 }])
  for (const part of batch.parts) first.ack(part)
  assert.deepEqual(valuesOf(await first.demand()), [{ count: 2 }])
  await first.stop()

  const second = await TaskHarness.start(new ${className}Task(), { config, offsets })
  assert.deepEqual(valuesOf(await second.demand()), [{ count: 2 }])
  await second.stop()
})

// The contract of sources: it stops promptly, answers each demand once, goes on from its offsets, leaves nothing running.
const suite = sourceConformance({ create: () => new ${className}Task(), config, badConfig: {} })
for (const { name, run } of suite) test(name, run)
`

const properties = (spec: PackageSpec): string => `name=${spec.base}
connector.class=${ownClass(spec)}
topic=${spec.base}
interval.ms=1000

${TOPIC_CREATION}`

const CONSOLE = ({
  base,
}: PackageSpec): string => `# Prints the values that arrive in the topic: not needed by the source, only to see it work.
name=${base}-console
connector.class=org.apache.kafka.connect.file.FileStreamSinkConnector
topics=${base}
`
