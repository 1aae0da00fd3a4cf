import { DataError } from '../../api/data.ts'
import { decodeText, isJsonObject, type JsonObject, parseJson } from '../json/json-text.ts'
import { readJson } from '../json/read-json.ts'
import { writeJson } from '../json/write-json.ts'
import type { RegisteredSchema, RegistryFormat } from '../registry/registry-format.ts'
import { fromJsonSchema } from './from-json-schema.ts'
import { JsonPointers } from './json-pointer.ts'
import { ONE_OF } from './names.ts'
import { toJsonSchema } from './to-json-schema.ts'
import { loadValidators, type ValidateJson } from './validate-json.ts'

export interface JsonSchemaFormatOptions {
  readonly decimals: 'BASE64' | 'NUMERIC'
  readonly additionalProperties: boolean
  readonly optionalIfNotRequired: boolean
  readonly validates: boolean
}

const SHAPES = { unionName: ONE_OF } as const

export function jsonSchemaFormat(options: JsonSchemaFormatOptions): RegistryFormat {
  const write = { decimals: options.decimals, replaceNullWithDefault: false, shapes: SHAPES } as const
  const read = { replaceNullWithDefault: false, shapes: SHAPES } as const
  const compile = options.validates ? loadValidators() : undefined
  const validator = (registered: RegisteredSchema): ValidateJson | undefined => compile?.(documentsOf(registered))
  return {
    type: 'JSON',
    describe: schema => ({
      text: JSON.stringify(toJsonSchema(schema, { write, additionalProperties: options.additionalProperties })),
      recordName: schema.name,
    }),
    encoder: (schema, registered) => {
      const check = validator(registered)
      return value => {
        const text = JSON.stringify(writeJson(schema, value, write))
        check?.(text)
        return Buffer.from(text)
      }
    },
    decoder: registered => {
      const documents = documentsOf(registered)
      const pointers = new JsonPointers(documents)
      const schema = fromJsonSchema(documents.get('') ?? {}, { pointers, optionalIfNotRequired: options.optionalIfNotRequired })
      const check = validator(registered)
      return payload => {
        const text = decodeText(payload)
        check?.(text)
        return { schema, value: readJson(schema, parseJson(text), read) }
      }
    },
  }
}

/** The schema itself under the empty name, and those that it refers to. */
function documentsOf({ id, text, references }: RegisteredSchema): ReadonlyMap<string, JsonObject> {
  return new Map([{ name: '', text }, ...references].map(document => [document.name, objectOf(document.text, id)] as const))
}

function objectOf(text: string, id: number): JsonObject {
  const json = parseJson(text)
  if (isJsonObject(json)) return json
  throw new DataError(`schema ${id} is ${text.slice(0, 40)}, which says nothing of the type of its values`)
}
