import { ConnectError, type ErrorStage } from '../../api/connect-error.ts'
import type { RegistrySettings } from './registry-config.ts'
import { refused, refusedBy, unavailable } from './registry-errors.ts'
import type { ReferencedSchema, RegisteredSchema, SchemaType } from './registry-format.ts'
import { askOverHttp } from './registry-http.ts'

type Answer = Readonly<Record<string, unknown>>

interface Reference {
  readonly name: string
  readonly subject: string
  readonly version: number
}

/**
 * A registry of schemas that speaks Confluent's protocol (docs.confluent.io, "Schema Registry API Reference"). Several addresses are asked in turn until
 * one answers; where none does it is a retriable `ConnectError` REGISTRY_UNAVAILABLE, and a refusal is a fatal REGISTRY_REFUSED that says what to do.
 */
export class RegistryClient {
  readonly #settings: RegistrySettings
  readonly #type: SchemaType
  readonly #stage: ErrorStage
  readonly #closing = new AbortController()

  constructor(settings: RegistrySettings, type: SchemaType) {
    this.#settings = settings
    this.#type = type
    this.#stage = `${settings.role}-converter`
  }

  async byId(id: number): Promise<RegisteredSchema> {
    return this.#registered(await this.#ask('GET', `/schemas/ids/${id}`), id)
  }

  /** The latest version of a subject. */
  async latest(subject: string): Promise<RegisteredSchema> {
    const answer = await this.#ask('GET', `/subjects/${encodeURIComponent(subject)}/versions/latest`)
    return this.#registered(answer, this.#idOf(answer, subject))
  }

  /** The id of a schema of a subject. @param how `register` adds it where it is new, `look-up` refuses that */
  async idOf(subject: string, schema: string, how: 'register' | 'look-up'): Promise<number> {
    const path = `/subjects/${encodeURIComponent(subject)}${how === 'register' ? '/versions' : ''}`
    const query = this.#settings.normalize ? '?normalize=true' : ''
    const schemaType = this.#type === 'AVRO' ? {} : { schemaType: this.#type }
    return this.#idOf(await this.#ask('POST', path + query, { schema, ...schemaType }), subject)
  }

  /** Gives up what is under way. */
  close(): void {
    this.#closing.abort()
  }

  #idOf({ id }: Answer, subject: string): number {
    if (typeof id === 'number') return id
    throw refused(`the schema registry gave no id for a schema of ${subject}`, this.#stage)
  }

  async #registered(answer: Answer, id: number): Promise<RegisteredSchema> {
    const { schema, schemaType = 'AVRO' } = answer
    if (typeof schema !== 'string' || schemaType !== this.#type)
      throw refused(
        `schema ${id} is of the type ${schemaType}, not ${this.#type}; read it with the converter of that type`,
        this.#stage,
      )
    const references = new Map<string, ReferencedSchema>()
    await this.#collect(referencesOf(answer), references, new Set())
    return { id, text: schema, references: [...references.values()] }
  }

  /** Depth first, so that what is referred to comes before who refers to it. */
  async #collect(wanted: readonly Reference[], found: Map<string, ReferencedSchema>, asked: Set<string>): Promise<void> {
    for (const { name, subject, version } of wanted) {
      if (asked.has(name)) continue
      asked.add(name)
      const answer = await this.#ask('GET', `/subjects/${encodeURIComponent(subject)}/versions/${version}`)
      await this.#collect(referencesOf(answer), found, asked)
      found.set(name, { name, text: String(answer.schema) })
    }
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    const { urls } = this.#settings
    const failures: unknown[] = []
    for (const url of urls) {
      try {
        return await this.#askOne(method, url, path, body)
      } catch (error) {
        if (error instanceof ConnectError && !error.retriable) throw error
        failures.push(error)
      }
    }
    const last = failures.at(-1)
    throw last instanceof ConnectError ? last : unavailable(`at ${urls.join(' and ')}`, last, this.#stage)
  }

  async #askOne(method: 'GET' | 'POST', base: string, path: string, body: object | undefined): Promise<Answer> {
    const { tls, timeoutMs, authorization } = this.#settings
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(timeoutMs)])
    const url = base + path
    const { status, text } = await askOverHttp(tls, {
      method,
      url,
      authorization: authorization(base),
      signal,
      ...(body && { body }),
    })
    if (status < 200 || status > 299) throw refusedBy(method, url, status, text, this.#stage)
    return JSON.parse(text)
  }
}

function referencesOf({ references }: Answer): readonly Reference[] {
  return Array.isArray(references) ? references : []
}
