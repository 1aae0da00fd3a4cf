export { type AppClient, appClient, type Producer } from './app-client.ts'
export {
  AppConsumer,
  type AppConsumerHandlers,
  type AppConsumerOptions,
  type AppConsumerSettings,
  type Batch,
  type EachBatchPayload,
  type EachMessagePayload,
  type KafkaMessage,
  type StopTimes,
} from './app-consumer.ts'
export { registerCodecs } from './codecs.ts'
