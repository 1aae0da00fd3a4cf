export {
  checkFailoverSettings,
  type FailoverSettings,
  type FailoverSettingsOptions,
  type MissingSetting,
} from './check-failover-settings.ts'
export type { Standing } from './decide.ts'
export { FailoverConsumer } from './failover-consumer.ts'
export type { FailoverBatchPayload, FailoverMessagePayload, RecordSource } from './handlers.ts'
export type { FailoverConsumerOptions } from './options.ts'
export type { MoveCause } from './placement.ts'
export type { MovedPosition, PositionExactness } from './positions.ts'
export type { FailoverMove, FailoverState, FailoverStatus } from './status.ts'
