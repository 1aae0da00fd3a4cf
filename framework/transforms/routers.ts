import type { ConfigDefinition } from '../api/config-definition.ts'
import { DataError } from '../api/data.ts'
import { recordTransform } from './built-in.ts'
import { dateFormat } from './date-format.ts'
import { javaRegExp, javaReplacement } from './java-regexp.ts'

const regexDefinition = {
  regex: { type: 'string', doc: 'a regular expression that the whole name of a topic must match' },
  replacement: { type: 'string', doc: 'the new name; $1 is what the first group matched' },
} as const satisfies ConfigDefinition

/** Gives records another topic, where the name of theirs matches. */
export const RegexRouter = recordTransform(regexDefinition, config => {
  const { whole, part } = javaRegExp('regex', config.regex)
  const replace = javaReplacement('replacement', config.replacement, part)
  return record => {
    if (!whole.test(record.topic)) return record
    const match = part.exec(record.topic)!
    const end = match.index + match[0].length
    return { ...record, topic: record.topic.slice(0, match.index) + replace(match) + record.topic.slice(end) }
  }
})

const timestampDefinition = {
  'topic.format': { type: 'string', default: `$\{topic}-$\{timestamp}`, doc: 'the new name' },
  'timestamp.format': {
    type: 'string',
    default: 'yyyyMMdd',
    doc: 'pattern of the timestamp, as of java.text.SimpleDateFormat, in UTC',
  },
} as const satisfies ConfigDefinition

/** Gives records a topic for their time. */
export const TimestampRouter = recordTransform(timestampDefinition, config => {
  const format = dateFormat('timestamp.format', config['timestamp.format'])
  return record => {
    if (record.timestamp === -1) throw new DataError('the record has no timestamp, so TimestampRouter knows no topic for it')
    const placeholders: Readonly<Record<string, string>> = {
      topic: record.topic,
      timestamp: format.format(new Date(record.timestamp)),
    }
    const topic = config['topic.format'].replace(/\$\{(topic|timestamp)\}/g, (_, name: string) => placeholders[name] ?? '')
    return { ...record, topic }
  }
})
