import assert from 'node:assert/strict'
import type { ConnectHeader, ConnectRecord, ConnectValue, Schema } from '../../framework/index.ts'
import { Decimal, JsonConverter } from '../../framework/index.ts'
import { runJava } from '../kafka-tool/index.ts'

/** A value with its schema as the JSON text that Java's JSON converter and ours agree on. */
export type EnvelopeJson = string | null

/** A record as `ConnectData.java` takes and returns it. */
export interface RecordJson {
  readonly topic: string
  readonly partition: number
  readonly timestamp: number
  readonly offset?: number
  readonly key: EnvelopeJson
  readonly value: EnvelopeJson
  readonly headers: readonly (readonly [string, EnvelopeJson])[]
}

export interface JavaRequest {
  readonly do: 'write' | 'read' | 'transform' | 'predicate'
  readonly class: string
  readonly config: Readonly<Record<string, string>>
  readonly header?: boolean
  readonly envelope?: EnvelopeJson
  readonly base64?: string | null
  readonly record?: RecordJson
}

/** Java's answers to the requests, in their order; `{ error }` where it threw. */
export async function askJava(requests: readonly JavaRequest[], extraJars: readonly string[] = []): Promise<unknown[]> {
  const input = requests.map(request => `${JSON.stringify(request)}\n`).join('')
  const result = await runJava({ file: 'ConnectData.java', args: [], input, timeoutMs: 60_000, extraJars })
  assert.equal(result.code, 0, result.stderr)
  const answers = result.stdout.trimEnd().split('\n')
  assert.equal(answers.length, requests.length, result.stderr)
  return answers.map(line => JSON.parse(line))
}

const json = new JsonConverter()

export function envelopeOf(schema: Schema | null, value: ConnectValue): EnvelopeJson {
  const bytes = json.fromConnect('topic', schema, value)
  return bytes === null ? null : Buffer.from(bytes).toString()
}

/** Asserts that both mean the same: all digits of large numbers count, the order of an object's members does not. */
export function assertSameJson(ours: EnvelopeJson, java: unknown, what: string): void {
  if (ours === null || typeof java !== 'string') assert.deepEqual(ours, java, what)
  else assert.deepEqual(exact(ours), exact(java), what)
}

function exact(text: string): unknown {
  const parse = JSON.parse as (
    text: string,
    revive: (key: string, value: unknown, context: { source?: string }) => unknown,
  ) => unknown
  return parse(text, (_key, value, { source }) => {
    if (typeof value !== 'number' || source === undefined || Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value
    return Decimal.parse(source).toString().replace(/\.0+$/, '')
  })
}

export function recordJson(record: ConnectRecord): RecordJson {
  const { topic, partition, timestamp, offset } = record
  return {
    topic,
    partition: partition ?? 0,
    timestamp,
    ...(offset !== undefined && { offset }),
    key: envelopeOf(record.keySchema, record.key),
    value: envelopeOf(record.valueSchema, record.value),
    headers: record.headers.map(({ key, schema, value }: ConnectHeader) => [key, envelopeOf(schema, value)] as const),
  }
}
