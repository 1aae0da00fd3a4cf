import { DataError } from '../../api/data.ts'
import type { RegisteredSchema, RegistryFormat } from '../registry/registry-format.ts'
import { type AvroOptions, type AvroSchema, toAvroSchema } from './avro-schema.ts'
import { fromAvro, toAvro } from './avro-value.ts'
import { type AvroType, loadAvsc } from './avsc.ts'
import { fromAvroSchema } from './from-avro-schema.ts'

/** @throws ConfigError without the package avsc */
export function avroFormat(options: AvroOptions): RegistryFormat {
  const compileAll = loadAvsc()
  const compile = (registered: RegisteredSchema): AvroType => {
    const { schema, references } = parsed(registered)
    return compileAll(schema, references)
  }
  return {
    type: 'AVRO',
    describe: schema => ({
      text: JSON.stringify(toAvroSchema(schema, options)),
      recordName: schema.type === 'struct' ? (schema.name ?? 'io.confluent.connect.avro.ConnectDefault') : undefined,
    }),
    encoder: (schema, registered) => {
      if (isBytes(parse(registered.text))) return value => toAvro(schema, value) as Buffer
      const type = compile(registered)
      return value => encoded(type, toAvro(schema, value))
    },
    decoder: registered => {
      const { schema: text, references } = parsed(registered)
      const schema = fromAvroSchema(text, references, options)
      if (isBytes(text)) return payload => ({ schema, value: fromAvro(schema, payload) })
      const type = compile(registered)
      return payload => ({ schema, value: fromAvro(schema, decoded(type, payload)) })
    },
  }
}

function parsed({ text, references }: RegisteredSchema): {
  readonly schema: AvroSchema
  readonly references: readonly AvroSchema[]
} {
  return { schema: parse(text), references: references.map(reference => parse(reference.text)) }
}

/** Bytes alone follow the id as they are, without a length: so does Confluent's serializer. */
function isBytes(schema: AvroSchema): boolean {
  return schema === 'bytes' || (typeof schema === 'object' && 'type' in schema && schema.type === 'bytes')
}

/** Some registries keep a primitive's name without quotes. */
function parse(text: string): AvroSchema {
  return /^\w+$/.test(text) ? text : JSON.parse(text)
}

function encoded(type: AvroType, value: unknown): Buffer {
  try {
    return type.toBuffer(value)
  } catch (cause) {
    throw new DataError(`does not fit the Avro schema of the registry: ${(cause as Error).message}`, { cause })
  }
}

function decoded(type: AvroType, payload: Buffer): unknown {
  try {
    return type.fromBuffer(payload)
  } catch (cause) {
    throw new DataError(`is no Avro of the schema whose id it has: ${(cause as Error).message}`, { cause })
  }
}
