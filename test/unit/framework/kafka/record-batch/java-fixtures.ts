import { readFileSync } from 'node:fs'
import type { DecodedRecord } from '../../../../../framework/kafka/record-batch/index.ts'

interface Written {
  readonly name: string
  readonly bytes: string
  readonly records: readonly {
    readonly offset: number
    readonly timestamp: number
    readonly key: string | null
    readonly value: string | null
    readonly headers: readonly [string, string | null][]
  }[]
}

/** A record set written by Kafka's Java library, and what that library reads from it. */
export interface JavaFixture {
  readonly name: string
  readonly bytes: Buffer
  readonly records: readonly DecodedRecord[]
}

const hex = (text: string | null) => (text === null ? null : Buffer.from(text, 'hex'))

const written: readonly Written[] = JSON.parse(
  readFileSync(new URL('../../../../interop/fixtures/record-batches.json', import.meta.url), 'utf8'),
)

export const javaFixtures: readonly JavaFixture[] = written.map(({ name, bytes, records }) => ({
  name,
  bytes: Buffer.from(bytes, 'base64'),
  records: records.map(record => ({
    ...record,
    key: hex(record.key),
    value: hex(record.value),
    headers: record.headers.map(([key, value]) => ({ key, value: hex(value) })),
  })),
}))

export function javaFixture(name: string): JavaFixture {
  const fixture = javaFixtures.find(one => one.name === name)
  if (fixture === undefined) throw new Error(`no fixture ${name}`)
  return fixture
}
