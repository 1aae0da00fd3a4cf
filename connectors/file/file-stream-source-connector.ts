import { type ConfigDefinition, type ConnectorContext, SourceConnector } from '../../framework/api/index.ts'
import { parseConfig } from '../../framework/config/parse.ts'
import { FileStreamSourceTask } from './file-stream-source-task.ts'
import { sourceDefinition } from './keys.ts'

/** Lines of a file, or of standard input, as records: Java's `org.apache.kafka.connect.file.FileStreamSourceConnector`. One task, however many are allowed. */
export class FileStreamSourceConnector extends SourceConnector {
  readonly definition: ConfigDefinition = sourceDefinition
  #config: Readonly<Record<string, string>> = {}

  async start({ config }: ConnectorContext): Promise<void> {
    parseConfig(sourceDefinition, config)
    this.#config = config
  }

  async taskConfigs(): Promise<readonly Readonly<Record<string, string>>[]> {
    return [this.#config]
  }

  createTask(): FileStreamSourceTask {
    return new FileStreamSourceTask()
  }
}
