import { DataError } from '../../api/data.ts'
import { isJsonObject, type JsonObject, type JsonTree } from '../json/json-text.ts'

/** Follows `$ref` within a document and to documents that it refers to by name. */
export class JsonPointers {
  readonly #documents: ReadonlyMap<string, JsonObject>

  /** @param documents by the name by which others refer to them; the empty name is the document itself */
  constructor(documents: ReadonlyMap<string, JsonObject>) {
    this.#documents = documents
  }

  /** @param from the name of the document in which `ref` stands. @throws DataError when there is no such schema */
  resolve(ref: string, from: string): { readonly schema: JsonObject; readonly document: string } {
    const [name = '', fragment = ''] = ref.split('#', 2)
    const document = this.#nameOf(name, from)
    const found = document === undefined ? undefined : pointed(this.#documents.get(document) ?? {}, fragment)
    if (document === undefined || found === undefined || !isJsonObject(found))
      throw new DataError(`the JSON Schema refers to ${ref}, which is not there`)
    return { schema: found, document }
  }

  /** By its name as registered, by its `$id`, or relative to either. */
  #nameOf(name: string, from: string): string | undefined {
    if (name === '') return from
    if (this.#documents.has(name)) return name
    const absolute = URL.canParse(name, String(this.#documents.get(from)?.$id ?? ''))
      ? new URL(name, String(this.#documents.get(from)?.$id)).href
      : name
    return [...this.#documents].find(([key, { $id }]) => $id === name || $id === absolute || key === absolute)?.[0]
  }
}

/** RFC 6901, or the `$anchor` or `$id` of a definition. */
function pointed(document: JsonObject, fragment: string): JsonTree | undefined {
  if (fragment === '') return document
  if (!fragment.startsWith('/')) return anchored(document, fragment)
  let at: JsonTree | undefined = document
  for (const part of fragment.slice(1).split('/')) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    at = Array.isArray(at) ? at[Number(key)] : at !== undefined && isJsonObject(at) ? at[key] : undefined
  }
  return at
}

function anchored(json: JsonTree, anchor: string): JsonTree | undefined {
  if (Array.isArray(json)) return json.map((item: JsonTree) => anchored(item, anchor)).find(found => found !== undefined)
  if (!isJsonObject(json)) return undefined
  if (json.$anchor === anchor || json.$id === `#${anchor}`) return json
  return anchored(Object.values(json), anchor)
}
