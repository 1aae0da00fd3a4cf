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
    const { topic, keySchema, valueSchema, headers } = record
    const { key, value, header } = this.#converters
    const keyBytes = run('key-converter', record, key, () => key.fromConnect(topic, keySchema, record.key))
    const valueBytes = run('value-converter', record, value, () => value.fromConnect(topic, valueSchema, record.value))
    if (headers.length === 0 && !(keyBytes instanceof Promise) && !(valueBytes instanceof Promise)) {
      return bytesRecord(record, keyBytes, valueBytes, NO_HEADERS)
    }
    const headerBytes = headers.map(({ key: name, schema, value: content }) =>
      run('header-converter', record, header, () => header.fromConnectHeader(topic, name, schema, content), name),
    )
    return whenAll([keyBytes, valueBytes, ...headerBytes], ([keyed = null, valued = null, ...rest]) => {
      const written = rest.map((bytes, i) => ({ key: headers[i]!.key, value: bytes }))
      return bytesRecord(record, keyed, valued, written)
    })
  }

  /** Bytes to values. */
  toConnect(record: BytesRecord): MaybePromise<ConnectRecord> {
    const { topic, headers } = record
    const { key, value, header } = this.#converters
    const keyed = run('key-converter', record, key, () => key.toConnect(topic, record.key))
    const valued = run('value-converter', record, value, () => value.toConnect(topic, record.value))
    if (headers.length === 0 && !(keyed instanceof Promise) && !(valued instanceof Promise)) {
      return valuesRecord(record, keyed, valued, NO_HEADERS)
    }
    const headersRead = headers.map(({ key: name, value: bytes }) =>
      run('header-converter', record, header, () => header.toConnectHeader(topic, name, bytes), name),
    )
    return whenAll([keyed, valued, ...headersRead], ([ofKey = NOTHING, ofValue = NOTHING, ...rest]) => {
      const read = rest.map((content, i) => ({ key: headers[i]!.key, schema: content.schema, value: content.value }))
      return valuesRecord(record, ofKey, ofValue, read)
    })
  }

  async close(): Promise<void> {
    for (const converter of Object.values(this.#converters)) await converter.close?.()
  }
}

const NOTHING: SchemaAndValue = { schema: null, value: null }
const NO_HEADERS: readonly never[] = []

function bytesRecord(
  { topic, partition, timestamp }: ConnectRecord,
  key: Uint8Array | null,
  value: Uint8Array | null,
  headers: SourceRecord['headers'],
): SourceRecord {
  return partition === null ? { topic, key, value, headers, timestamp } : { topic, partition, key, value, headers, timestamp }
}

function valuesRecord(
  { topic, partition, timestamp, offset }: BytesRecord,
  key: SchemaAndValue,
  value: SchemaAndValue,
  headers: ConnectRecord['headers'],
): ConnectRecord {
  const { schema: keySchema, value: ofKey } = key
  const { schema: valueSchema, value: ofValue } = value
  const place = partition ?? null
  // No spread of the one into the other: this is done for every record.
  return offset === undefined
    ? { topic, partition: place, keySchema, key: ofKey, valueSchema, value: ofValue, headers, timestamp }
    : { topic, partition: place, keySchema, key: ofKey, valueSchema, value: ofValue, headers, timestamp, offset }
}

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
