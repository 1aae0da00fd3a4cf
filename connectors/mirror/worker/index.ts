export { MirrorCheckpointConnector, MirrorHeartbeatConnector, MirrorSourceConnector } from './connectors.ts'
