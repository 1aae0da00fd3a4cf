import { type ConnectorContext, SourceConnector } from 'isthmus'
import { EventsTask } from './events-task.ts'

/** One service, so one task with the connector's own configuration. */
export class EventsConnector extends SourceConnector {
  readonly definition = {
    url: { type: 'string', doc: 'where the events are, e.g. https://events.example.com/v1' },
    topic: { type: 'string', doc: 'where they go' },
  } as const
  #config: Readonly<Record<string, string>> = {}

  async start(context: ConnectorContext): Promise<void> {
    this.#config = context.config
  }

  async taskConfigs(): Promise<readonly Readonly<Record<string, string>>[]> {
    return [this.#config]
  }

  createTask(): EventsTask {
    return new EventsTask()
  }
}
