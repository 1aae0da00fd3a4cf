import { DataError } from '../../api/data.ts'
import type { RegistryFormat } from '../registry/registry-format.ts'
import { messageReader } from './decode-proto.ts'
import { messageWriter } from './encode-proto.ts'
import { type FromProtoOptions, fromProto } from './from-proto.ts'
import { readMessageIndexes, writeMessageIndexes } from './message-indexes.ts'
import { ProtoFileTypes } from './proto-file.ts'
import type { Message } from './proto-logical.ts'
import { loadProtobufjs, type Type } from './protobufjs.ts'
import { type ProtoOptions, toProto } from './to-proto.ts'

/** @throws ConfigError without the package protobufjs */
export function protobufFormat(options: FromProtoOptions & ProtoOptions): RegistryFormat {
  loadProtobufjs()
  return {
    type: 'PROTOBUF',
    describe: schema => {
      const { text, message } = toProto(schema, options)
      return { text, recordName: schema.type === 'struct' ? message : undefined }
    },
    encoder: (schema, registered) => {
      const { type, indexes } = new ProtoFileTypes(registered).byName(toProto(schema, options).message)
      const write = messageWriter(schema, type, options.scrubsNames)
      const prefix = writeMessageIndexes(indexes)
      return value => Buffer.concat([prefix, type.encode(write(value)).finish()])
    },
    decoder: registered => {
      const file = new ProtoFileTypes(registered)
      const readers = new Map<string, ReturnType<typeof readerAt>>()
      return payload => {
        const { indexes, length } = readMessageIndexes(payload)
        const place = indexes.join()
        const reader = readers.get(place) ?? readerAt(file, indexes, options)
        readers.set(place, reader)
        return reader(payload.subarray(length))
      }
    },
  }
}

function readerAt(file: ProtoFileTypes, indexes: readonly number[], options: FromProtoOptions) {
  const type = file.byIndexes(indexes)
  const schema = fromProto(type, options)
  const read = messageReader(type, schema, options.unionIndexes)
  return (bytes: Buffer) => ({ schema, value: read(decoded(type, bytes)) })
}

function decoded(type: Type, bytes: Buffer): Message {
  try {
    return type.decode(bytes) as unknown as Message
  } catch (cause) {
    throw new DataError(`is no ${type.fullName.slice(1)}, which its schema says it is: ${(cause as Error).message}`, { cause })
  }
}
