import { createServer as createHttp, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text as textOf } from 'node:stream/consumers'

export interface StoredSchema {
  readonly schema: string
  readonly schemaType?: string
  readonly references?: readonly { readonly name: string; readonly subject: string; readonly version: number }[]
}

type Answer = readonly [status: number, body: unknown]

export interface SchemaRegistryOptions {
  /** With these it speaks TLS. */
  readonly tls?: { readonly pfx: Buffer; readonly passphrase: string }
}

/**
 * A registry of schemas in memory: as much of Confluent's protocol as converters ask for, and of Apicurio's v2 for its Java converters. Nothing is checked for
 * compatibility; ids count from 1, a schema of several subjects has one.
 */
export class TestSchemaRegistry {
  /** By id - 1. */
  readonly schemas: StoredSchema[] = []
  /** `POST /subjects/orders-value/versions` and so on, in their order. */
  readonly requests: string[] = []
  readonly authorizations = new Set<string | undefined>()
  /** Answered to every request while it is there. */
  failure: Answer | undefined
  readonly #subjects = new Map<string, number[]>()
  #close: () => Promise<void> = () => Promise.resolve()
  #url = ''

  static async start(options: SchemaRegistryOptions = {}): Promise<TestSchemaRegistry> {
    const registry = new TestSchemaRegistry()
    const listener: RequestListener = async (request, response) => {
      registry.requests.push(`${request.method} ${request.url}`)
      registry.authorizations.add(request.headers.authorization)
      const [status, body] = registry.failure ?? registry.#answer(request, await textOf(request))
      const isText = typeof body === 'string'
      response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json' })
      response.end(isText ? body : JSON.stringify(body))
    }
    const { tls } = options
    const server = tls === undefined ? createHttp(listener) : createHttps(tls, listener)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    registry.#url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`
    registry.#close = () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    return registry
  }

  get url(): string {
    return this.#url
  }

  /** Registers it as a writer would. */
  register(subject: string, stored: StoredSchema): { readonly id: number; readonly version: number } {
    const known = this.schemas.findIndex(other => canonical(other) === canonical(stored))
    const id = known < 0 ? this.schemas.push(stored) : known + 1
    const versions = this.#versions(subject)
    if (!versions.includes(id)) versions.push(id)
    return { id, version: versions.indexOf(id) + 1 }
  }

  /** Forgets everything. */
  reset(): void {
    this.schemas.length = 0
    this.requests.length = 0
    this.authorizations.clear()
    this.#subjects.clear()
    this.failure = undefined
  }

  stop(): Promise<void> {
    return this.#close()
  }

  #versions(subject: string): number[] {
    const versions = this.#subjects.get(subject) ?? []
    this.#subjects.set(subject, versions)
    return versions
  }

  #answer(request: IncomingMessage, body: string): Answer {
    const { pathname } = new URL(request.url ?? '/', 'http://registry')
    const parts = pathname.split('/').slice(1).map(decodeURIComponent)
    if (parts[0] === 'apis') return this.#apicurio(request, parts.slice(3), body)
    const [top, name = '', versions, version] = parts
    if (top === 'schemas') return this.#byId(Number(versions))
    if (top !== 'subjects') return [404, { error_code: 404, message: `no such path: ${pathname}` }]
    if (request.method === 'GET') return this.#byVersion(name, version ?? 'latest')
    const { schema, schemaType, references } = JSON.parse(body) as StoredSchema
    const stored: StoredSchema = {
      schema,
      ...(schemaType !== undefined && schemaType !== 'AVRO' && { schemaType }),
      ...(references !== undefined && references.length > 0 && { references }),
    }
    const known = this.#versions(name).find(id => canonical(this.schemas[id - 1]) === canonical(stored))
    if (versions === undefined && known === undefined) return [404, { error_code: 40403, message: 'Schema not found' }]
    const { id, version: registered } = this.register(name, stored)
    return [200, { subject: name, id, version: registered, ...stored }]
  }

  #byId(id: number): Answer {
    const stored = this.schemas[id - 1]
    return stored === undefined ? [404, { error_code: 40403, message: 'Schema not found' }] : [200, stored]
  }

  #byVersion(subject: string, version: string): Answer {
    const versions = this.#versions(subject)
    if (versions.length === 0) return [404, { error_code: 40401, message: `Subject '${subject}' not found.` }]
    const number = version === 'latest' ? versions.length : Number(version)
    const id = versions[number - 1]
    if (id === undefined) return [404, { error_code: 40402, message: 'Version not found.' }]
    return [200, { subject, version: number, id, ...this.schemas[id - 1] }]
  }

  /** Creating an artifact, and reading one by its global id. */
  #apicurio({ method, headers }: IncomingMessage, parts: readonly string[], body: string): Answer {
    const [what, kind, id, references] = parts
    if (method === 'GET' && what === 'ids') {
      if (references !== undefined) return [200, []]
      const stored = this.schemas[Number(id) - 1]
      return stored === undefined ? [404, { error_code: 404, message: `no ${kind} ${id}` }] : [200, stored.schema]
    }
    const artifact = String(headers['x-registry-artifactid'])
    const type = String(headers['x-registry-artifacttype'])
    const schema = headers['content-type']?.includes('extended') ? (JSON.parse(body) as { content: string }).content : body
    const { id: globalId, version } = this.register(artifact, { schema, ...(type !== 'AVRO' && { schemaType: type }) })
    const now = '2026-01-01T00:00:00+0000'
    const by = { createdBy: '', createdOn: now, modifiedBy: '', modifiedOn: now, state: 'ENABLED' }
    return [200, { groupId: kind, id: artifact, version: String(version), type, globalId, contentId: globalId, ...by }]
  }
}

/** What is one schema to a registry: Protobuf is printed anew by each writer. */
function canonical(stored: StoredSchema | undefined): string {
  const text = JSON.stringify(stored)
  return stored?.schemaType === 'PROTOBUF' ? text.replace(/\\n|\s/g, '') : text
}
