export { MirrorHeartbeatConnector } from './mirror-heartbeat-connector.ts'
export { MirrorHeartbeatTask } from './mirror-heartbeat-task.ts'
