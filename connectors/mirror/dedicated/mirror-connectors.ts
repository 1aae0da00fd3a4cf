import type { Injector } from '../../../framework/api/injection.ts'
import { MirrorCheckpointConnector } from '../checkpoint/index.ts'
import { MirrorHeartbeatConnector } from '../heartbeat/index.ts'
import { MirrorSourceConnector } from '../source/index.ts'
import { CONFIG_PROPERTY_FILTER, GROUP_FILTER, REPLICATION_POLICY, TOPIC_FILTER } from '../tokens.ts'
import type { ConnectorFactories } from './kafka-flow-services.ts'

/** The connectors with the policy and filters that the injector provides. */
export function mirrorConnectors(injector: Injector): ConnectorFactories {
  return {
    source: observations =>
      new MirrorSourceConnector({
        observations,
        policy: injector.resolve(REPLICATION_POLICY),
        topicFilter: injector.resolve(TOPIC_FILTER),
        configPropertyFilter: injector.resolve(CONFIG_PROPERTY_FILTER),
      }),
    checkpoint: observations =>
      new MirrorCheckpointConnector({
        observations,
        policy: injector.resolve(REPLICATION_POLICY),
        topicFilter: injector.resolve(TOPIC_FILTER),
        groupFilter: injector.resolve(GROUP_FILTER),
      }),
    heartbeat: observations => new MirrorHeartbeatConnector(injector.resolve(REPLICATION_POLICY), observations),
  }
}
