export { FileStreamSinkConnector } from './file-stream-sink-connector.ts'
export { FileStreamSinkTask } from './file-stream-sink-task.ts'
export { FileStreamSourceConnector } from './file-stream-source-connector.ts'
export { FileStreamSourceTask } from './file-stream-source-task.ts'
