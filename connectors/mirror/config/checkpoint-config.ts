import type { ConfigDefinition } from '../../../framework/api/config-definition.ts'
import { DEFAULT_GROUPS, DEFAULT_GROUPS_EXCLUDE } from '../../../policies/index.ts'
import { connectDefinition, mirrorDefinition, topicFilterDefinition } from './common-config.ts'

/** Every key of the MirrorCheckpointConnector. */
export const checkpointDefinition = {
  ...connectDefinition,
  ...mirrorDefinition,
  ...topicFilterDefinition,
  groups: {
    type: 'list',
    default: DEFAULT_GROUPS,
    doc: 'names and Java regular expressions of the groups whose offsets are translated',
  },
  'groups.exclude': { type: 'list', default: DEFAULT_GROUPS_EXCLUDE, doc: 'groups left out; wins over groups' },
  'group.filter.class': { type: 'class', default: 'org.apache.kafka.connect.mirror.DefaultGroupFilter', doc: 'chooses groups' },
  'refresh.groups.enabled': { type: 'boolean', default: 'true', doc: 'look for new groups' },
  'refresh.groups.interval.seconds': { type: 'long', default: '600', doc: 'how often' },
  'emit.checkpoints.enabled': { type: 'boolean', default: 'true', doc: 'write checkpoints' },
  'emit.checkpoints.interval.seconds': { type: 'long', default: '60', doc: 'how often' },
  'sync.group.offsets.enabled': { type: 'boolean', default: 'false', doc: 'commit translated offsets on the target' },
  'sync.group.offsets.interval.seconds': { type: 'long', default: '60', doc: 'how often' },
  'checkpoints.topic.replication.factor': { type: 'int', default: '3', min: -1, max: 32767, doc: 'of the checkpoints topic' },
} as const satisfies ConfigDefinition
