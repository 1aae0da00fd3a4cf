export { MirrorSourceConnector, type MirrorSourceDependencies } from './mirror-source-connector.ts'
export { MirrorSourceTask } from './mirror-source-task.ts'
