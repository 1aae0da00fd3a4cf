import type { ConfigDefinition } from '../../framework/api/index.ts'

export const sourceDefinition = {
  file: { type: 'string', default: null, doc: 'the file to read; standard input where there is none' },
  topic: { type: 'string', doc: 'the topic that its lines go to', validate: text => (text === '' ? 'name a topic' : undefined) },
  'batch.size': { type: 'int', default: '2000', min: 1, doc: 'lines of one batch at most' },
} as const satisfies ConfigDefinition

export const sinkDefinition = {
  file: { type: 'string', default: null, doc: 'the file to append to; standard output where there is none' },
} as const satisfies ConfigDefinition
