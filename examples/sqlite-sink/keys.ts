import type { ConfigDefinition } from 'isthmus'

export const definition = {
  database: { type: 'string', doc: 'the file of the database; created if it is missing' },
} as const satisfies ConfigDefinition
