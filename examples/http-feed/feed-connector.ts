import { type ConfigDefinition, type ConnectorContext, parseConfig, SourceConnector } from 'isthmus'
import { FeedTask } from './feed-task.ts'
import { definition } from './keys.ts'

/** One feed, so one task with the connector's own configuration. */
export class FeedConnector extends SourceConnector {
  readonly definition: ConfigDefinition = definition
  #config: Readonly<Record<string, string>> = {}

  async start({ config }: ConnectorContext): Promise<void> {
    parseConfig(definition, config)
    this.#config = config
  }

  async taskConfigs(): Promise<readonly Readonly<Record<string, string>>[]> {
    return [this.#config]
  }

  createTask(): FeedTask {
    return new FeedTask()
  }
}
