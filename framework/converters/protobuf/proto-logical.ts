import { DataError, Decimal } from '../../api/data.ts'
import { ProtoMessage } from './names.ts'

/** A message as protobufjs hands it out, or takes it. */
export type Message = Readonly<Record<string, unknown>>

/** What protobufjs makes of 64 bits. */
export interface Long {
  readonly low: number
  readonly high: number
}

const DAY_MS = 86_400_000

/** A logical value as the message of that name. @throws DataError when it does not fit */
export function logicalToMessage(name: string, value: Date | Decimal): Message {
  if (value instanceof Decimal) {
    const precision = String(value.unscaled < 0n ? -value.unscaled : value.unscaled).length
    return { value: Buffer.from(value.toBytes()), precision, scale: value.scale }
  }
  const ms = value.getTime()
  switch (name) {
    case ProtoMessage.DATE:
      return { year: value.getUTCFullYear(), month: value.getUTCMonth() + 1, day: value.getUTCDate() }
    case ProtoMessage.TIME: {
      const [hours, minutes] = [value.getUTCHours(), value.getUTCMinutes()]
      return { hours, minutes, seconds: value.getUTCSeconds(), nanos: value.getUTCMilliseconds() * 1e6 }
    }
    default:
      return { seconds: Math.floor(ms / 1000), nanos: (((ms % 1000) + 1000) % 1000) * 1e6 }
  }
}

/** @throws DataError for what is no such value: the 30th of February, a decimal that the message does not hold */
export function messageToLogical(name: string, message: Message): Date | Decimal {
  const number = (field: string) => Number(fromLong(message[field] as number | Long))
  switch (name) {
    case ProtoMessage.DECIMAL:
      return Decimal.fromBytes(message.value as Uint8Array, number('scale'))
    case ProtoMessage.DATE: {
      const [year, month, day] = [number('year'), number('month'), number('day')]
      const date = new Date(0)
      date.setUTCFullYear(year, month - 1, day)
      if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day)
        throw new DataError(`year ${year}, month ${month}, day ${day} is no day`)
      return date
    }
    case ProtoMessage.TIME: {
      const ms = ((number('hours') * 60 + number('minutes')) * 60 + number('seconds')) * 1000 + Math.floor(number('nanos') / 1e6)
      if (ms < 0 || ms >= DAY_MS) throw new DataError(`hour ${number('hours')} with its minutes and seconds is no time of day`)
      return new Date(ms)
    }
    default: {
      const ms = number('seconds') * 1000 + Math.floor(number('nanos') / 1e6)
      if (Math.abs(ms) > 8.64e15) throw new DataError(`${number('seconds')} seconds since 1970 are beyond the dates there are`)
      return new Date(ms)
    }
  }
}

/** 64 bits as `number`, beyond ±(2^53 - 1) as `bigint`; unsigned ones beyond 2^63 are negative, as in Java. */
export function fromLong(value: number | Long): number | bigint {
  if (typeof value === 'number') return value
  const exact = (BigInt(value.high | 0) << 32n) | BigInt(value.low >>> 0)
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact
}

export function toLong(value: number | bigint): number | Long {
  if (typeof value === 'number') return value
  return { low: Number(BigInt.asIntN(32, value)), high: Number(BigInt.asIntN(32, value >> 32n)) }
}
