import { type ConfigDefinition, type ConnectorContext, parseConfig, SinkConnector } from 'isthmus'
import { definition } from './keys.ts'
import { OrdersTask } from './orders-task.ts'

/** Orders of Kafka as rows of SQLite, each exactly once. */
export class OrdersConnector extends SinkConnector {
  readonly definition: ConfigDefinition = definition
  #config: Readonly<Record<string, string>> = {}

  async start({ config }: ConnectorContext): Promise<void> {
    parseConfig(definition, config)
    this.#config = config
  }

  async taskConfigs(maxTasks: number): Promise<readonly Readonly<Record<string, string>>[]> {
    return Array.from({ length: maxTasks }, () => this.#config)
  }

  createTask(): OrdersTask {
    return new OrdersTask()
  }
}
