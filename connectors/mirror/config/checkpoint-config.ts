import type { ConfigDefinition } from '../../../framework/api/config-definition.ts'
import type { Parsed } from '../../../framework/config/parse.ts'
import { DEFAULT_GROUPS, DEFAULT_GROUPS_EXCLUDE } from '../../../policies/index.ts'
import { connectDefinition, mirrorDefinition, topicFilterDefinition } from './common-config.ts'
import { patterns } from './patterns.ts'

const MINUTE = { type: 'double', default: '60' } as const

/** Every key of the MirrorCheckpointConnector. Intervals may have fractions of a second, which MirrorMaker 2 does not understand. */
export const checkpointDefinition = {
  ...connectDefinition,
  ...mirrorDefinition,
  ...topicFilterDefinition,
  groups: {
    type: 'list',
    default: DEFAULT_GROUPS,
    validate: patterns,
    doc: 'names and Java regular expressions of the groups whose offsets are translated',
  },
  'groups.exclude': {
    type: 'list',
    default: DEFAULT_GROUPS_EXCLUDE,
    validate: patterns,
    doc: 'groups left out; wins over groups',
  },
  'group.filter.class': { type: 'class', default: 'org.apache.kafka.connect.mirror.DefaultGroupFilter', doc: 'chooses groups' },
  'refresh.groups.enabled': { type: 'boolean', default: 'true', doc: 'look for new groups' },
  'refresh.groups.interval.seconds': { type: 'double', default: '600', doc: 'how often' },
  'emit.checkpoints.enabled': { type: 'boolean', default: 'true', doc: 'write checkpoints' },
  'emit.checkpoints.interval.seconds': { ...MINUTE, doc: 'how often, e.g. 0.5; negative = never' },
  'sync.group.offsets.enabled': { type: 'boolean', default: 'false', doc: 'commit translated offsets on the target' },
  'sync.group.offsets.interval.seconds': { ...MINUTE, doc: 'how often, e.g. 0.5; negative = never' },
  'checkpoints.topic.replication.factor': {
    type: 'int',
    default: '3',
    min: -1,
    max: 32767,
    doc: "of the checkpoints topic; -1 = the brokers' default",
  },
} as const satisfies ConfigDefinition

export type CheckpointConfig = Parsed<typeof checkpointDefinition>

/** Whether a connector of this configuration has a task. */
export function emitsCheckpoints(config: CheckpointConfig): boolean {
  return config.enabled && config['emit.checkpoints.enabled'] && config['emit.checkpoints.interval.seconds'] >= 0
}
