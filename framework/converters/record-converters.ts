import type { Converter, HeaderConverter, MaybePromise, SchemaAndValue } from '../api/converter.ts'
import { type ConnectRecord, DataError } from '../api/data.ts'
import { ConnectError, type ErrorStage, type SourceRecord } from '../api/index.ts'

/** A record as the log has it, or will have it. A `SinkRecord` is one. */
export type BytesRecord = SourceRecord & { readonly offset?: number }

export interface ConverterSet {
  readonly key: Converter
  readonly value: Converter
  readonly header: HeaderConverter
}

type RecordPlace = Pick<BytesRecord, 'topic' | 'offset'> & { readonly partition?: number | null }

/**
 * Converts whole records with the converters of one task. Nothing is thrown: where a converter fails the result is a promise that rejects with
 * `ConnectError` CONVERSION_FAILED, whose stage names the converter and whose message names the record; retriable where its cause is, else it
 * concerns that record alone. The result is no promise as long as no converter returns one and none fails.
 */
export class RecordConverters {
  readonly #converters: ConverterSet

  constructor(converters: ConverterSet) {
    this.#converters = converters
  }

  /** Values to bytes. */
  fromConnect(record: ConnectRecord): MaybePromise<SourceRecord> {
    const { topic, partition, timestamp, keySchema, valueSchema } = record
    const { key, value, header } = this.#converters
    const parts = [
      run('key-converter', record, key, () => key.fromConnect(topic, keySchema, record.key)),
      run('value-converter', record, value, () => value.fromConnect(topic, valueSchema, record.value)),
      ...record.headers.map(({ key: name, schema, value: content }) =>
        run('header-converter', record, header, () => header.fromConnectHeader(topic, name, schema, content), name),
      ),
    ]
    return whenAll(parts, ([keyBytes = null, valueBytes = null, ...headers]) => ({
      topic,
      ...(partition !== null && { partition }),
      key: keyBytes,
      value: valueBytes,
      headers: headers.map((bytes, i) => ({ key: record.headers[i]!.key, value: bytes })),
      timestamp,
    }))
  }

  /** Bytes to values. */
  toConnect(record: BytesRecord): MaybePromise<ConnectRecord> {
    const { topic, partition = null, timestamp, offset } = record
    const { key, value, header } = this.#converters
    const parts = [
      run('key-converter', record, key, () => key.toConnect(topic, record.key)),
      run('value-converter', record, value, () => value.toConnect(topic, record.value)),
      ...record.headers.map(({ key: name, value: bytes }) =>
        run('header-converter', record, header, () => header.toConnectHeader(topic, name, bytes), name),
      ),
    ]
    return whenAll(parts, ([keyed = NOTHING, valued = NOTHING, ...headers]) => ({
      topic,
      partition,
      keySchema: keyed.schema,
      key: keyed.value,
      valueSchema: valued.schema,
      value: valued.value,
      headers: headers.map((read, i) => ({ key: record.headers[i]!.key, schema: read.schema, value: read.value })),
      timestamp,
      ...(offset !== undefined && { offset }),
    }))
  }

  async close(): Promise<void> {
    for (const converter of Object.values(this.#converters)) await converter.close?.()
  }
}

const NOTHING: SchemaAndValue = { schema: null, value: null }

function whenAll<T, R>(parts: readonly MaybePromise<T>[], make: (parts: readonly T[]) => R): MaybePromise<R> {
  return parts.some(part => part instanceof Promise) ? Promise.all(parts).then(make) : make(parts as readonly T[])
}

function run<T>(
  stage: ErrorStage,
  place: RecordPlace,
  converter: object,
  job: () => MaybePromise<T>,
  header?: string,
): MaybePromise<T> {
  try {
    const result = job()
    if (!(result instanceof Promise)) return result
    return result.catch(cause => Promise.reject(failed(stage, place, converter, header, cause)))
  } catch (cause) {
    return Promise.reject(failed(stage, place, converter, header, cause))
  }
}

function failed(
  stage: ErrorStage,
  place: RecordPlace,
  converter: object,
  header: string | undefined,
  cause: unknown,
): ConnectError {
  const part = header === undefined ? stage.replace('-converter', '') : `header ${header}`
  const where = [place.topic, place.partition, place.offset].filter(known => known != null).join('/')
  const reason = cause instanceof DataError || cause instanceof ConnectError ? cause.message : String(cause)
  return new ConnectError('CONVERSION_FAILED', `the ${part} of a record of ${where} cannot be converted: ${reason}`, {
    kind: cause instanceof ConnectError && cause.retriable ? 'retriable' : 'fatal',
    stage,
    cause,
    className: converter.constructor.name,
  })
}
