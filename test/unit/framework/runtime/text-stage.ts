import {
  ConnectError,
  type ConnectRecord,
  type ConnectValue,
  connectRecord,
  type SourcePart,
  type SourceRecord,
  type Transform,
} from '../../../../framework/api/index.ts'
import { RecordConverters } from '../../../../framework/converters/index.ts'
import { deferred } from '../../../../framework/flow/index.ts'
import { RecordPipeline, TransformChain } from '../../../../framework/transforms/index.ts'
import { source } from './fixtures.ts'

const a = source('a')

/** Text as its bytes. `wait…` is converted when the test says so; `busy…` fails as long as it says so; `bad…` for good. */
export class TextConverter {
  readonly waiting = new Map<string, ReturnType<typeof deferred<Uint8Array>>>()
  readonly conversions: string[] = []
  isBusy = true
  closed = 0

  fromConnect(_topic: string, _schema: unknown, value: ConnectValue): Uint8Array | null | Promise<Uint8Array> {
    if (value === null) return null
    const text = String(value)
    this.conversions.push(text)
    if (text.startsWith('bad')) throw new Error(`${text} is bad`)
    if (text.startsWith('busy') && this.isBusy) {
      throw new ConnectError('BUSY', 'the registry is busy', { kind: 'retriable', stage: 'value-converter' })
    }
    if (!text.startsWith('wait')) return Buffer.from(text)
    const wait = deferred<Uint8Array>()
    this.waiting.set(text, wait)
    return wait.promise
  }

  toConnect(_topic: string, bytes: Uint8Array | null) {
    return { schema: null, value: bytes === null ? null : Buffer.from(bytes).toString() }
  }

  fromConnectHeader = () => null
  toConnectHeader = () => ({ schema: null, value: null })

  finish(text: string): void {
    this.waiting.get(text)!.resolve(Buffer.from(text))
  }

  async close(): Promise<void> {
    this.closed++
  }
}

/** Drops `drop…`; `…!` loses its mark; the rest stays as it is. */
export const marks: Transform = {
  apply: records =>
    records.map(record => {
      const text = String(record.value)
      if (text.startsWith('drop')) return null
      return text.endsWith('!') ? { ...record, value: text.slice(0, -1) } : record
    }),
}

export function pipelineOf(converter: TextConverter, transforms: readonly Transform[]): RecordPipeline {
  const stages = transforms.map((transform, i) => ({ alias: `t${i}`, type: 'Marks', transform }))
  return new RecordPipeline(
    new RecordConverters({ key: converter, value: converter, header: converter }),
    new TransformChain(stages),
  )
}

export const values = (offset: number, texts: readonly string[], sourcePartition = a): SourcePart => ({
  sourcePartition,
  sourceOffset: { offset },
  records: texts.map((value): ConnectRecord => connectRecord({ topic: 't', value })),
})

export const bytes = (offset: number, texts: readonly string[], partition = 0): SourcePart => ({
  sourcePartition: a,
  sourceOffset: { offset },
  records: texts.map(
    (text): SourceRecord => ({ topic: 't', partition, key: null, value: Buffer.from(text), headers: [], timestamp: 5 }),
  ),
})
