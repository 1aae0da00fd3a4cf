import { int16, int32, int64, nullableString, struct } from './codec.ts'
import { message } from './message.ts'

export const initProducerId = message({
  name: 'InitProducerId',
  apiKey: 22,
  version: 1,
  flexible: false,
  request: struct({ transactionalId: nullableString, transactionTimeoutMs: int32 }),
  response: struct({ throttleTimeMs: int32, errorCode: int16, producerId: int64, producerEpoch: int16 }),
})
