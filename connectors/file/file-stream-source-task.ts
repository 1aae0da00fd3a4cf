import {
  ConnectError,
  type ConnectRecord,
  connectRecord,
  type Demand,
  type Logger,
  type SourceOffset,
  type SourcePart,
  SourceTask,
  type SourceTaskContext,
  schema,
} from '../../framework/api/index.ts'
import { parseConfig } from '../../framework/config/parse.ts'
import { pollWith } from '../../framework/flow/index.ts'
import type { ByteInput } from './byte-input.ts'
import { FileInput } from './file-input.ts'
import { sourceDefinition } from './keys.ts'
import { LineBuffer } from './line-buffer.ts'
import { StreamInput } from './stream-input.ts'

const LINE = schema.string()

/**
 * One record per line. The source partition is `{filename}`, its offset `{position}`: bytes of the file that are in Kafka, as Java's task stores
 * them; both null for standard input, which cannot be read again.
 */
export class FileStreamSourceTask extends SourceTask {
  #topic = ''
  #batchSize = 0
  #file: string | null = null
  #input: ByteInput | undefined
  #lines = new LineBuffer(0)
  #hasEnded = false
  #logger: Logger | undefined

  async start({ config, offsets, logger }: SourceTaskContext): Promise<void> {
    const parsed = parseConfig(sourceDefinition, config)
    this.#topic = parsed.topic
    this.#batchSize = parsed['batch.size']
    this.#file = parsed.file
    this.#logger = logger
    if (this.#file === null) this.#input = new StreamInput(process.stdin)
    else {
      const [stored] = await offsets([{ filename: this.#file }])
      const position = positionOf(stored, this.#file)
      this.#lines = new LineBuffer(position)
      this.#input = new FileInput({ path: this.#file, position, logger })
    }
  }

  readonly batches = pollWith(async demand => {
    const limit = Math.min(this.#batchSize, demand.maxRecords)
    const taken = this.#lines.take(limit)
    if (taken !== undefined) return [this.#part(taken.lines, taken.position)]
    return this.#read(limit, demand)
  })

  override async stop(): Promise<void> {
    await this.#input?.close()
  }

  /** Reads until a line is complete, or nothing is left to be read. */
  async #read(limit: number, { maxBytes, signal }: Demand): Promise<readonly SourcePart[]> {
    while (this.#input !== undefined && !this.#hasEnded && !signal.aborted) {
      const outcome = await this.#input.read(this.#lines.room().subarray(0, maxBytes), signal)
      if (outcome === 'nothing') break
      if (outcome === 'restarted') return this.#restart()
      if (outcome === 'ended') return this.#end()
      this.#lines.added(outcome)
      const taken = this.#lines.take(limit)
      if (taken !== undefined) return [this.#part(taken.lines, taken.position)]
    }
    return []
  }

  /** The last line will have no end any more. The offset moves at once, so that no stored one points into the new file. */
  #restart(): readonly SourcePart[] {
    const rest = this.#lines.takeRest()
    this.#lines = new LineBuffer(0)
    return [this.#part(rest === '' ? [] : [rest], 0)]
  }

  #end(): readonly SourcePart[] {
    this.#hasEnded = true
    this.#logger?.info({}, 'Standard input has ended; there will be no further records')
    const rest = this.#lines.takeRest()
    return rest === '' ? [] : [this.#part([rest], 0)]
  }

  #part(lines: readonly string[], position: number): SourcePart {
    const timestamp = Date.now()
    const records: ConnectRecord[] = lines.map(value =>
      connectRecord({ topic: this.#topic, valueSchema: LINE, value, timestamp }),
    )
    const sourceOffset = { position: this.#file === null ? null : position }
    return { sourcePartition: { filename: this.#file }, sourceOffset, records }
  }
}

function positionOf(stored: SourceOffset | null | undefined, file: string): number {
  const position = stored?.position ?? 0
  if (typeof position === 'number' && Number.isSafeInteger(position) && position >= 0) return position
  const message = `the stored offset of ${file} is ${JSON.stringify(stored)}, but position must be a whole number of bytes; delete or correct it`
  throw new ConnectError('OFFSET_INVALID', message, { kind: 'fatal', stage: 'start' })
}
