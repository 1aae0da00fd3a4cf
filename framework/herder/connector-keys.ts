import type { ConfigDefinition } from '../api/index.ts'

/** What every connector of a Connect worker understands, of whatever kind. */
export const connectorKeys = {
  name: {
    type: 'string',
    doc: 'the name of the connector, part of the keys of its offsets and of its consumer group',
    validate: text => (text === '' || /[\p{Cc}]/u.test(text) ? 'must not be empty or hold control characters' : undefined),
  },
  'connector.class': { type: 'class', doc: 'a class by its Java name, ./module.js, ./module.ts#Class, package or package#Class' },
  'tasks.max': { type: 'int', default: '1', min: 1, doc: 'tasks at most' },
  'tasks.max.enforce': { type: 'boolean', default: 'true', doc: 'false: a connector that makes more tasks is warned about only' },
  'key.converter': { type: 'class', default: null, doc: "what turns keys into bytes and back; the worker's by default" },
  'value.converter': { type: 'class', default: null, doc: "what turns values into bytes and back; the worker's by default" },
  'header.converter': { type: 'class', default: null, doc: "what turns headers into bytes and back; the worker's by default" },
  transforms: {
    type: 'list',
    default: '',
    doc: 'aliases of transforms, in order: transforms.<alias>.type, .predicate, .negate and their own keys',
  },
  predicates: { type: 'list', default: '', doc: 'aliases of predicates: predicates.<alias>.type and their own keys' },
  'config.action.reload': {
    type: 'string',
    default: 'restart',
    oneOf: ['restart', 'none'],
    doc: 'accepted; providers whose values expire do not exist here',
  },
} as const satisfies ConfigDefinition

/** Prefixes below which a connector's keys belong to something that looks at them itself. */
export const connectorPrefixes: readonly string[] = [
  'key.converter.',
  'value.converter.',
  'header.converter.',
  'transforms.',
  'predicates.',
  'topic.creation.',
  'producer.override.',
  'consumer.override.',
  'admin.override.',
]
