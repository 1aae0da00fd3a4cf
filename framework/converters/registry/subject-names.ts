import type { ConfigProblem } from '../../api/connect-error.ts'
import { DataError } from '../../api/data.ts'
import { didYouMean } from '../../config/nearest.ts'

/** Under which name the schemas of a topic are registered. */
export type SubjectNames = (topic: string, recordName: string | undefined) => string

const PACKAGE = 'io.confluent.kafka.serializers.subject.'
const STRATEGIES = ['TopicNameStrategy', 'RecordNameStrategy', 'TopicRecordNameStrategy'] as const

/** What is wrong with the name of a strategy, by Java class or simple name, and how to mend it. */
export function strategyProblem(name: string): ConfigProblem['message'] | undefined {
  if (STRATEGIES.some(known => known === simpleName(name))) return undefined
  return `must be one of ${STRATEGIES.map(known => PACKAGE + known).join(', ')}${didYouMean(simpleName(name), STRATEGIES)}`
}

/** @param name one in which `strategyProblem` finds nothing wrong */
export function subjectNames(name: string, role: string): SubjectNames {
  switch (simpleName(name)) {
    case 'RecordNameStrategy':
      return (_topic, recordName) => recordOf(recordName, role)
    case 'TopicRecordNameStrategy':
      return (topic, recordName) => `${topic}-${recordOf(recordName, role)}`
    default:
      return topic => `${topic}-${role}`
  }
}

function simpleName(name: string): string {
  return name.startsWith(PACKAGE) ? name.slice(PACKAGE.length) : name
}

function recordOf(recordName: string | undefined, role: string): string {
  if (recordName !== undefined) return recordName
  throw new DataError(
    `${role}.subject.name.strategy names subjects after records, and this schema has no record name: it must be a struct with a name`,
  )
}
