import {
  type ConfigDefinition,
  type ConnectError,
  connectRecord,
  LOGGER,
  type Logger,
  parseConfig,
  pollWith,
  type SourceAck,
  SourceConnector,
  type SourceConnectorContext,
  type SourcePart,
  type SourcePartition,
  SourceTask,
  type SourceTaskContext,
} from 'isthmus'
import { type Entry, INBOX, type Inbox } from './inbox.ts'

const definition = {
  topic: { type: 'string', doc: 'the topic that orders go to' },
} as const satisfies ConfigDefinition

/** Orders of the program that runs it. It is given the program's inbox and logger: tokens, no injection library. */
export class InboxConnector extends SourceConnector {
  static readonly inject = [INBOX, LOGGER] as const
  readonly definition: ConfigDefinition = definition
  readonly #inbox: Inbox
  readonly #logger: Logger
  #config: Readonly<Record<string, string>> = {}

  constructor(inbox: Inbox, logger: Logger) {
    super()
    this.#inbox = inbox
    this.#logger = logger
  }

  async start({ config }: SourceConnectorContext): Promise<void> {
    this.#logger.info({}, `Orders of this program go to ${parseConfig(definition, config).topic}`)
    this.#config = config
  }

  async taskConfigs(): Promise<readonly Readonly<Record<string, string>>[]> {
    return [this.#config]
  }

  createTask(): InboxTask {
    return new InboxTask(this.#inbox)
  }
}

const PARTITION = { inbox: 'orders' }

/** Tells who added an order when Kafka has it. What was not taken by then is gone with the program: its offsets say nothing. */
class InboxTask extends SourceTask {
  readonly #inbox: Inbox
  readonly #underWay = new Map<SourcePart, readonly Entry[]>()
  #topic = ''

  constructor(inbox: Inbox) {
    super()
    this.#inbox = inbox
  }

  async start({ config }: SourceTaskContext): Promise<void> {
    this.#topic = parseConfig(definition, config).topic
  }

  batches = pollWith(async ({ maxRecords, signal }) => {
    const entries = await this.#inbox.take(maxRecords, signal)
    const last = entries.at(-1)
    if (last === undefined) return []
    const records = entries.map(({ order }) => connectRecord({ topic: this.#topic, key: order.customer, value: { ...order } }))
    const part = { sourcePartition: PARTITION, sourceOffset: { number: last.order.number }, records }
    this.#underWay.set(part, entries)
    return [part]
  })

  override acknowledged({ part }: SourceAck): void {
    for (const { settle } of this.#underWay.get(part) ?? []) settle()
    this.#underWay.delete(part)
  }

  override refused(_partition: SourcePartition, error: ConnectError): void {
    this.#fail(error)
  }

  override async stop(): Promise<void> {
    this.#fail(new Error('Stopped before Kafka had the order'))
  }

  #fail(error: Error): void {
    for (const { settle } of [...this.#underWay.values()].flat()) settle(error)
    this.#underWay.clear()
  }
}
