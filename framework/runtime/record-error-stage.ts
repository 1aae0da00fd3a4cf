import type { ErrorStage } from '../api/index.ts'

/** Kafka Connect's names of the stages, as logs and the headers of dead letters have them. */
export type ConnectStage =
  | 'TRANSFORMATION'
  | 'KEY_CONVERTER'
  | 'VALUE_CONVERTER'
  | 'HEADER_CONVERTER'
  | 'TASK_PUT'
  | 'TASK_POLL'
  | 'KAFKA_PRODUCE'
  | 'KAFKA_CONSUME'

const STAGES: Readonly<Partial<Record<ErrorStage, ConnectStage>>> = {
  transform: 'TRANSFORMATION',
  'key-converter': 'KEY_CONVERTER',
  'value-converter': 'VALUE_CONVERTER',
  'header-converter': 'HEADER_CONVERTER',
  deliver: 'TASK_PUT',
  poll: 'TASK_POLL',
  produce: 'KAFKA_PRODUCE',
  decode: 'KAFKA_CONSUME',
}

/** Connect's name of a stage in which records fail; TASK_PUT for the stages that Connect does not know. */
export const connectStage = (stage: ErrorStage): ConnectStage => STAGES[stage] ?? 'TASK_PUT'
