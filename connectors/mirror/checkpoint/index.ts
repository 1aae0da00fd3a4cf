export { MirrorCheckpointConnector } from './mirror-checkpoint-connector.ts'
export { type MirrorCheckpointDependencies, MirrorCheckpointTask } from './mirror-checkpoint-task.ts'
