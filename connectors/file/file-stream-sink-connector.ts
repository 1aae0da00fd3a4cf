import { type ConfigDefinition, type ConnectorContext, SinkConnector } from '../../framework/api/index.ts'
import { parseConfig } from '../../framework/config/parse.ts'
import { FileStreamSinkTask } from './file-stream-sink-task.ts'
import { sinkDefinition } from './keys.ts'

/** Values as lines of a file, or on standard output: Java's `org.apache.kafka.connect.file.FileStreamSinkConnector`. */
export class FileStreamSinkConnector extends SinkConnector {
  readonly definition: ConfigDefinition = sinkDefinition
  #config: Readonly<Record<string, string>> = {}

  async start({ config }: ConnectorContext): Promise<void> {
    parseConfig(sinkDefinition, config)
    this.#config = config
  }

  async taskConfigs(maxTasks: number): Promise<readonly Readonly<Record<string, string>>[]> {
    return Array.from({ length: maxTasks }, () => this.#config)
  }

  createTask(): FileStreamSinkTask {
    return new FileStreamSinkTask()
  }
}
