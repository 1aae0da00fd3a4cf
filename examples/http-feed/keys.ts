import type { ConfigDefinition } from 'isthmus'

export const definition = {
  url: { type: 'string', doc: 'where the events are, e.g. https://events.example.com/v1' },
  topic: { type: 'string', doc: 'the topic that they go to' },
  'poll.interval.ms': { type: 'int', default: '1000', min: 1, doc: 'time until it asks again after there was nothing new' },
} as const satisfies ConfigDefinition
