import { type SinkBatch, SinkTask, type SinkTaskContext } from '../../framework/api/index.ts'
import { parseConfig } from '../../framework/config/parse.ts'
import { eachBatch } from '../../framework/flow/index.ts'
import { sinkDefinition } from './keys.ts'
import { FileOutput, type LineOutput, StreamOutput } from './line-output.ts'
import { valueLine } from './value-line.ts'

/**
 * One line per record. A batch is acknowledged once the system has it: it survives the end of this process, but, as with Java's task, not that
 * of the machine; only a task that stops waits until the file is on its disk.
 */
export class FileStreamSinkTask extends SinkTask {
  #output: LineOutput | undefined

  async start({ config, logger }: SinkTaskContext): Promise<void> {
    const { file } = parseConfig(sinkDefinition, config)
    this.#output = file === null ? new StreamOutput(process.stdout) : await FileOutput.open(file, logger)
  }

  readonly deliver = eachBatch(batch => this.#write(batch), { order: 'all' })

  override async stop(): Promise<void> {
    await this.#output?.close()
  }

  async #write(batch: SinkBatch): Promise<void> {
    let lines = ''
    for (const { valueSchema, value } of await batch.values()) lines += `${valueLine(valueSchema, value)}\n`
    if (lines !== '') await this.#output?.append(lines)
  }
}
