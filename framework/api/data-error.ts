/**
 * Data that cannot be what it is asked to be. Thrown by the helpers of the data model, by converters and by transforms; the runtime knows which
 * record and which stage it concerns and makes a `ConnectError` of it.
 */
export class DataError extends Error {
  override readonly name = 'DataError'
}
