import type { ConfigDefinition } from '../api/config-definition.ts'
import type { ConnectRecord } from '../api/data.ts'
import type { Predicate } from '../api/transform.ts'
import { parseConfig } from '../config/parse.ts'
import { javaRegExp } from './java-regexp.ts'

const topicDefinition = {
  pattern: { type: 'string', doc: 'a regular expression that the whole name of the topic must match' },
} as const satisfies ConfigDefinition

/** True for records of topics whose whole name matches. */
export class TopicNameMatches implements Predicate {
  readonly definition: ConfigDefinition = topicDefinition
  #pattern = /^$/u

  configure(properties: Readonly<Record<string, string>>): void {
    this.#pattern = javaRegExp('pattern', parseConfig(topicDefinition, properties).pattern).whole
  }

  test(record: ConnectRecord): boolean {
    return this.#pattern.test(record.topic)
  }
}

const headerDefinition = {
  name: { type: 'string', doc: 'name of the header', validate: text => (text === '' ? 'must not be empty' : undefined) },
} as const satisfies ConfigDefinition

/** True for records with at least one header of that name. */
export class HasHeaderKey implements Predicate {
  readonly definition: ConfigDefinition = headerDefinition
  #name = ''

  configure(properties: Readonly<Record<string, string>>): void {
    this.#name = parseConfig(headerDefinition, properties).name
  }

  test(record: ConnectRecord): boolean {
    return record.headers.some(({ key }) => key === this.#name)
  }
}

/** True for records whose value is null. */
export class RecordIsTombstone implements Predicate {
  readonly definition: ConfigDefinition = {}

  test(record: ConnectRecord): boolean {
    return record.value === null
  }
}
