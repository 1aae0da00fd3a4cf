import { DataError } from '../../api/data.ts'
import type { RegisteredSchema } from '../registry/registry-format.ts'
import { type Field, loadProtobufjs, type Root, type Type } from './protobufjs.ts'

/** Messages of files that no registry has to know, as in Confluent's own. */
const KNOWN_FILES: Readonly<Record<string, string>> = {
  'confluent/type/decimal.proto':
    'syntax = "proto3"; package confluent.type; message Decimal { bytes value = 1; uint32 precision = 2; int32 scale = 3; }',
  'google/type/date.proto':
    'syntax = "proto3"; package google.type; message Date { int32 year = 1; int32 month = 2; int32 day = 3; }',
  'google/type/timeofday.proto':
    'syntax = "proto3"; package google.type; message TimeOfDay { int32 hours = 1; int32 minutes = 2; int32 seconds = 3; int32 nanos = 4; }',
}

/** Files of options, which no value needs. */
const NOT_NEEDED = new Set(['confluent/meta.proto', 'google/protobuf/descriptor.proto'])

type Protobufjs = ReturnType<typeof loadProtobufjs>

/** A .proto file with all that it imports, its messages found by name or by their indexes. */
export class ProtoFileTypes {
  readonly #root: Root
  readonly #space: string
  /** Its own messages as they are declared, by position. */
  readonly #tree: readonly Type[]

  /** @throws DataError for text that is no .proto file, and for imports that are not to be had */
  constructor({ id, text, references }: RegisteredSchema) {
    const protobufjs = loadProtobufjs()
    this.#root = new protobufjs.Root()
    try {
      const imports = references.flatMap(reference => parseInto(protobufjs, this.#root, reference.text).imports)
      const own = parseInto(protobufjs, this.#root, text)
      const names = new Set(references.map(({ name }) => name))
      for (const file of new Set([...imports, ...own.imports])) if (!names.has(file)) addKnownFile(protobufjs, this.#root, file)
      const alone = new protobufjs.Root()
      this.#space = parseInto(protobufjs, alone, text).space
      this.#tree = messagesIn(protobufjs, this.#space === '' ? alone : alone.lookup(this.#space))
      for (const type of allTypes(protobufjs, this.#root)) replaceMaps(protobufjs, type)
      this.#root.resolveAll()
    } catch (cause) {
      if (cause instanceof DataError) throw cause
      throw new DataError(`schema ${id} is no .proto file that can be read: ${(cause as Error).message}`, { cause })
    }
  }

  /** @throws DataError when there is none at that place */
  byIndexes(indexes: readonly number[]): Type {
    const protobufjs = loadProtobufjs()
    let among = this.#tree
    let found: Type | undefined
    for (const index of indexes) {
      found = among[index]
      if (found === undefined) break
      among = messagesIn(protobufjs, found)
    }
    if (found === undefined)
      throw new DataError(`says that it is message ${indexes.join('.')} of its schema, and there is none at that place`)
    return this.#root.lookupType(found.fullName)
  }

  /** A message by its full name, or else the first, and where it is in the file. */
  byName(fullName: string): { readonly type: Type; readonly indexes: readonly number[] } {
    const protobufjs = loadProtobufjs()
    const path = (
      this.#space !== '' && fullName.startsWith(`${this.#space}.`) ? fullName.slice(this.#space.length + 1) : fullName
    ).split('.')
    const indexes: number[] = []
    let among = this.#tree
    for (const name of path) {
      const index = among.findIndex(type => type.name === name)
      if (index < 0) return { type: this.byIndexes([0]), indexes: [0] }
      indexes.push(index)
      among = messagesIn(protobufjs, among[index])
    }
    return { type: this.byIndexes(indexes), indexes }
  }
}

function parseInto(
  { parse }: Protobufjs,
  root: Root,
  text: string,
): { readonly imports: readonly string[]; readonly space: string } {
  const { imports = [], weakImports = [], package: space = '' } = parse(text, root, { keepCase: true })
  return { imports: [...imports, ...weakImports], space }
}

function addKnownFile(protobufjs: Protobufjs, root: Root, file: string): void {
  const known = KNOWN_FILES[file]
  if (known !== undefined) parseInto(protobufjs, root, known)
  else if (!NOT_NEEDED.has(file)) {
    const common = protobufjs.common.get(file)
    if (common?.nested === undefined)
      throw new DataError(`its schema imports ${file}, which it has no reference to; register it with a reference to that file`)
    root.addJSON(common.nested)
  }
}

function messagesIn({ Type, Namespace }: Protobufjs, space: unknown): Type[] {
  return space instanceof Namespace ? space.nestedArray.filter(nested => nested instanceof Type) : []
}

function allTypes(protobufjs: Protobufjs, root: Root): Type[] {
  const { Type, Namespace } = protobufjs
  const found: Type[] = []
  const visit = (space: unknown): void => {
    if (!(space instanceof Namespace)) return
    if (space instanceof Type) found.push(space)
    for (const nested of space.nestedArray) visit(nested)
  }
  visit(root)
  return found
}

/** `map<K, V>` is short for a list of entries, and is one in bytes: so all maps are alike and keys keep their types. */
function replaceMaps({ Type, Field, MapField }: Protobufjs, type: Type): void {
  const order = Object.keys(type.fields)
  for (const field of type.fieldsArray.filter(each => each instanceof MapField)) {
    const { name, id, keyType, type: valueType } = field
    const entry = uniqueName(type, `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Entry`)
    type.remove(field)
    type.add(new Type(entry).add(new Field('key', 1, keyType)).add(new Field('value', 2, valueType)))
    type.add(new Field(name, id, entry, 'repeated'))
  }
  type.fields = Object.fromEntries(order.map(name => [name, type.fields[name] as Field]))
}

function uniqueName({ nested = {} }: Type, wanted: string): string {
  return Object.hasOwn(nested, wanted) ? uniqueName({ nested } as Type, `Map${wanted}`) : wanted
}
