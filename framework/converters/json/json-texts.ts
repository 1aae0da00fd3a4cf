import { type ConnectValue, DataError, fitsBits, isStruct, type Schema, type StructSchema } from '../../api/data.ts'
import { shortestFloat } from '../number-text.ts'
import { type WriteJsonOptions, writeJson } from './write-json.ts'

/** A value's text; undefined = this value is not for the short way. */
type WriteText = (value: ConnectValue | undefined) => string | undefined

/** What a plain object has without having it of its own. */
const INHERITED = Object.prototype
/** Everything else may need an escape. */
const AS_IT_IS = /^[ !#-[\]-\ud7ff]*$/
const INTEGER_BITS: Readonly<Record<string, number>> = { int8: 8, int16: 16, int32: 32, int64: 64 }

/**
 * The text that `JSON.stringify` makes of `writeJson`, for values of every kind; most are written without a tree between. How a schema's values are
 * written is worked out once per schema.
 */
export class JsonTexts {
  readonly #options: WriteJsonOptions
  readonly #writers = new WeakMap<Schema, WriteText>()

  /** @param options without `shapes` */
  constructor(options: Omit<WriteJsonOptions, 'shapes'>) {
    this.#options = options
  }

  /** @throws DataError with the path to what does not fit */
  of(schema: Schema | null, value: ConnectValue): string {
    const text = schema === null ? plainText(value) : this.#writer(schema)(value)
    return text ?? JSON.stringify(writeJson(schema, value, this.#options))
  }

  #writer(schema: Schema): WriteText {
    let writer = this.#writers.get(schema)
    if (writer === undefined) {
      writer = this.#orNull(schema, this.#make(schema))
      this.#writers.set(schema, writer)
    }
    return writer
  }

  #orNull(schema: Schema, write: WriteText): WriteText {
    const isNullable = schema.optional === true && !(this.#options.replaceNullWithDefault && schema.default != null)
    const ofNull = isNullable ? 'null' : undefined
    return value => (value === null || value === undefined ? ofNull : write(value))
  }

  #make(schema: Schema): WriteText {
    switch (schema.type) {
      case 'struct':
        return this.#struct(schema)
      case 'boolean':
        return value => (typeof value === 'boolean' ? String(value) : undefined)
      case 'string':
        return value => (typeof value === 'string' ? quoted(value) : undefined)
      case 'float64':
        return value => (Number.isFinite(value) ? String(value) : undefined)
      case 'float32':
        return value => (Number.isFinite(value) ? String(shortestFloat(value as number)) : undefined)
      case 'int8':
      case 'int16':
      case 'int32':
      case 'int64':
        return schema.name === undefined ? integer(INTEGER_BITS[schema.type]!) : this.#tree(schema)
      default:
        return this.#tree(schema)
    }
  }

  #struct(schema: StructSchema): WriteText {
    const names = schema.fields.map(({ name }) => name)
    if (new Set(names).size < names.length || names.some(name => name in INHERITED)) return this.#tree(schema)
    const writers = schema.fields.map(field => this.#writer(field.schema))
    const begins = names.map((name, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`)
    const count = names.length
    if (count === 0) return value => (isStruct(value) ? '{}' : undefined)
    return value => {
      if (!isStruct(value)) return undefined
      let text = ''
      for (let i = 0; i < count; i++) {
        const field = writers[i]!(value[names[i]!])
        if (field === undefined) return undefined
        text += begins[i]! + field
      }
      return `${text}}`
    }
  }

  /** By way of a tree. What does not fit is refused later, with the whole path to it. */
  #tree(schema: Schema): WriteText {
    return value => {
      try {
        return JSON.stringify(writeJson(schema, value ?? null, this.#options))
      } catch (error) {
        if (error instanceof DataError) return undefined
        throw error
      }
    }
  }
}

function integer(bits: number): WriteText {
  return value => (value !== undefined && fitsBits(value, bits) ? String(value) : undefined)
}

function quoted(text: string): string {
  return AS_IT_IS.test(text) ? `"${text}"` : JSON.stringify(text)
}

/** Of what JSON has itself. */
function plainText(value: ConnectValue): string | undefined {
  return isPlain(value) ? JSON.stringify(value) : undefined
}

function isPlain(value: ConnectValue | undefined): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object':
      return value === null || (Array.isArray(value) ? value.every(isPlain) : isStruct(value) && hasPlainMembers(value))
    default:
      return false
  }
}

function hasPlainMembers(value: Readonly<Record<string, ConnectValue | undefined>>): boolean {
  for (const name in value) if (!isPlain(value[name])) return false
  return true
}
