import { ConnectError } from '../../api/index.ts'

const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json'
const TIMEOUT_MS = 30_000

export interface SchemaRegistryOptions {
  /** Asked in this order, until one answers. */
  readonly urls: readonly string[]
  /** `user:password` */
  readonly userInfo: string | null
}

/** A registry of schemas that speaks Confluent's protocol. What it cannot answer at present is a retriable `ConnectError` REGISTRY_UNAVAILABLE. */
export class SchemaRegistry {
  readonly #urls: readonly string[]
  readonly #headers: Readonly<Record<string, string>>

  constructor({ urls, userInfo }: SchemaRegistryOptions) {
    this.#urls = urls.map(url => url.replace(/\/+$/, ''))
    const authorization = userInfo === null ? {} : { authorization: `Basic ${Buffer.from(userInfo).toString('base64')}` }
    this.#headers = { accept: MEDIA_TYPE, 'content-type': MEDIA_TYPE, ...authorization }
  }

  /** The text of a schema. @throws ConnectError REGISTRY_REFUSED when there is none of that id, or it is no Avro */
  async schema(id: number): Promise<string> {
    const answer = await this.#ask('GET', `/schemas/ids/${id}`)
    const { schema, schemaType = 'AVRO', references } = answer
    if (typeof schema !== 'string' || schemaType !== 'AVRO') throw refused(`schema ${id} is of the type ${schemaType}, not AVRO`)
    if (Array.isArray(references) && references.length > 0)
      throw refused(`schema ${id} refers to other schemas, which is not supported`)
    return schema
  }

  /** The id of a schema of a subject. @param how `register` adds it where it is new, `look-up` refuses that */
  async id(subject: string, schema: string, how: 'register' | 'look-up'): Promise<number> {
    const path = `/subjects/${encodeURIComponent(subject)}${how === 'register' ? '/versions' : ''}`
    const { id } = await this.#ask('POST', path, { schema })
    if (typeof id !== 'number') throw refused(`no id for a schema of ${subject}`)
    return id
  }

  async #ask(method: string, path: string, body?: object): Promise<Readonly<Record<string, unknown>>> {
    let unavailable: unknown
    for (const url of this.#urls) {
      try {
        return await this.#askOne(method, url + path, body)
      } catch (error) {
        if (error instanceof ConnectError && !error.retriable) throw error
        unavailable = error
      }
    }
    if (unavailable instanceof ConnectError) throw unavailable
    const message = `the schema registry at ${this.#urls.join(' and ')} cannot be reached: ${reasonOf(unavailable)}`
    throw new ConnectError('REGISTRY_UNAVAILABLE', message, { kind: 'retriable', stage: 'value-converter', cause: unavailable })
  }

  async #askOne(method: string, url: string, body: object | undefined): Promise<Readonly<Record<string, unknown>>> {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await fetch(url, { method, headers: this.#headers, signal, ...(body && { body: JSON.stringify(body) }) })
    const text = await response.text()
    if (response.ok) return JSON.parse(text)
    const answer = `the schema registry answered ${response.status} to ${method} ${url}: ${text.slice(0, 300)}`
    if (response.status < 500 && response.status !== 429 && response.status !== 408) throw refused(answer)
    throw new ConnectError('REGISTRY_UNAVAILABLE', answer, { kind: 'retriable', stage: 'value-converter' })
  }
}

function refused(message: string): ConnectError {
  return new ConnectError('REGISTRY_REFUSED', message, { kind: 'fatal', stage: 'value-converter' })
}

/** Of fetch, the cause says what happened. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
