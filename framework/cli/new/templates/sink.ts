import type { PackageSpec, Template } from '../template.ts'
import { ownClass, startOf, TOPIC_CREATION, WORKER_PROPERTIES } from './connector-files.ts'

/** A sink connector that prints: the place where it does is the place for one's own writing. */
export const sinkTemplate: Template = {
  what: 'a sink',
  keywords: ['sink-connector'],
  start: ({ base }) => startOf('lines.properties', `${base}.properties`),
  files: spec => ({
    'src/index.ts': source(spec),
    'test/sink.test.ts': test(spec),
    'worker.properties': WORKER_PROPERTIES,
    [`${spec.base}.properties`]: properties(spec),
    'lines.properties': lines(spec),
    'lines.txt': 'Lines of this file\nare records of the topic.\nAppend some while it runs.\n',
  }),
  readme: ({
    name,
    base,
    className,
  }) => `\`${className}Connector\` takes records out of Kafka. \`npm start\` runs it by \`${base}.properties\`, and beside it, by
\`lines.properties\`, a source that makes a record of each line of \`lines.txt\`. Wherever else Isthmus runs:

\`\`\`properties
connector.class=${name}#${className}Connector
\`\`\``,
}

const source = ({ base, className }: PackageSpec): string => `import {
  type ConfigDefinition,
  type ConnectorContext,
  eachBatch,
  parseConfig,
  SinkConnector,
  SinkTask,
  type SinkTaskContext,
} from 'isthmus'

/** Its keys in ${base}.properties, beside those of every sink. What is missing or wrong is told before anything runs. */
const definition = {
  prefix: { type: 'string', default: '', doc: 'what is printed before each value' },
} as const satisfies ConfigDefinition

/** Decides how tasks are configured. Which partitions each of them has is decided by the consumer group. */
export class ${className}Connector extends SinkConnector {
  readonly definition: ConfigDefinition = definition
  #config: Readonly<Record<string, string>> = {}

  async start({ config }: ConnectorContext): Promise<void> {
    parseConfig(definition, config)
    this.#config = config
  }

  async taskConfigs(maxTasks: number): Promise<readonly Readonly<Record<string, string>>[]> {
    return Array.from({ length: maxTasks }, () => this.#config)
  }

  createTask(): ${className}Task {
    return new ${className}Task()
  }
}

/** Writes records. The calls come one after the other: start, deliver, stop. */
export class ${className}Task extends SinkTask {
  readonly #print: (line: string) => void
  #prefix = ''

  constructor(print: (line: string) => void = console.log) {
    super()
    this.#print = print
  }

  /** Connect to the target here. A rejection fails the task. */
  async start({ config }: SinkTaskContext): Promise<void> {
    this.#prefix = parseConfig(definition, config).prefix
  }

  /**
   * Called with consecutive records of one partition; those of other partitions may come meanwhile. When the promise resolves they count as
   * written and are never delivered again. A \`ConnectError\` of the kind \`retriable\` has the batch delivered again after a while, one of the kind
   * \`partition\` stops that partition only, any other error fails the task.
   */
  deliver: SinkTask['deliver'] = eachBatch(async batch => {
    // Replace these lines by those that write to your target.
    for (const { value } of await batch.values()) this.#print(this.#prefix + JSON.stringify(value))
  })

  /** Close what was opened; also called when \`start\` has failed. */
  override async stop(): Promise<void> {}
}
`

const test = ({ className }: PackageSpec): string => `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SinkHarness, sinkConformance } from 'isthmus/testing'
import { ${className}Task } from '../src/index.ts'

test('what is delivered is written, in order, and then acknowledged', async () => {
  const printed: string[] = []
  const harness = await SinkHarness.start(new ${className}Task(line => printed.push(line)), { config: { prefix: '>' } })
  await harness.deliver('orders', 0, [{ value: '{"id":1}' }, { value: '{"id":2}' }])
  await harness.deliver('orders', 0, [{ value: null }])
  await harness.settled()
  assert.deepEqual(printed, ['>{"id":1}', '>{"id":2}', '>null'])
  await harness.commit()
  assert.equal(harness.committed.get('orders-0'), 3)
  await harness.stop()
})

// The contract of sinks: what is acknowledged is written, it stops promptly, takes back what failed, leaves nothing running.
let target: string[] = []
const suite = sinkConformance({
  create: () => new ${className}Task(line => target.push(line)),
  config: () => {
    target = [] // one of its own for each test
    return {}
  },
  record: number => ({ json: { number } }),
  read: () => target,
  harness: { format: 'json' },
})
for (const { name, run } of suite) test(name, run)
`

const properties = (spec: PackageSpec): string => `name=${spec.base}
connector.class=${ownClass(spec)}
topics=${spec.base}
`

const lines = ({ base }: PackageSpec): string => `# Makes a record of each line: not needed by the sink, only to see it work.
name=${base}-lines
connector.class=org.apache.kafka.connect.file.FileStreamSourceConnector
file=lines.txt
topic=${base}

${TOPIC_CREATION}`
