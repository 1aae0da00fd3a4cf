import type { ConnectorHost } from '../../../framework/api/index.ts'
import type { ReplicationPolicy } from '../../../policies/index.ts'
import { MirrorCheckpointConnector as CheckpointConnector, type MirrorCheckpointDependencies } from '../checkpoint/index.ts'
import { checkpointDefinition } from '../config/checkpoint-config.ts'
import { heartbeatDefinition } from '../config/heartbeat-config.ts'
import { sourceDefinition } from '../config/index.ts'
import { MirrorHeartbeatConnector as HeartbeatConnector } from '../heartbeat/index.ts'
import { mirrorDescription } from '../observe/part-description.ts'
import { type MirrorSourceDependencies, MirrorSourceConnector as SourceConnector } from '../source/index.ts'
import { isHost, WorkerConnector } from './worker-connector.ts'

// Each is given a worker, which finds the classes that its configuration names, or these classes themselves, configured already.

export class MirrorSourceConnector extends WorkerConnector {
  readonly definition = sourceDefinition
  readonly traces = { verb: 'mirror', describe: mirrorDescription } as const

  constructor(given: ConnectorHost | MirrorSourceDependencies) {
    super('source', isHost(given) ? given : new SourceConnector(given))
  }
}

/** Groups are looked at in the topics that are copied. */
const definition = {
  ...checkpointDefinition,
  topics: sourceDefinition.topics,
  'topics.exclude': sourceDefinition['topics.exclude'],
}

export class MirrorCheckpointConnector extends WorkerConnector {
  readonly definition = definition
  readonly traces = { verb: 'checkpoint' } as const

  constructor(given: ConnectorHost | MirrorCheckpointDependencies) {
    super('checkpoint', isHost(given) ? given : new CheckpointConnector(given))
  }
}

export class MirrorHeartbeatConnector extends WorkerConnector {
  readonly definition = heartbeatDefinition
  readonly traces = { verb: 'heartbeat' } as const

  constructor(given: ConnectorHost | ReplicationPolicy) {
    super('heartbeat', isHost(given) ? given : new HeartbeatConnector(given))
  }
}
