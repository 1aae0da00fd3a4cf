import { DataError, LogicalName, type Schema } from '../api/data.ts'

const DAY_MS = 86_400_000

/** Days, milliseconds of the day or milliseconds since 1970, whichever the schema's name asks for. @throws DataError when it cannot be said */
export function logicalToNumber({ name }: Schema, date: Date): number {
  const ms = date.getTime()
  if (name === LogicalName.DATE) {
    if (ms % DAY_MS !== 0) throw new DataError(`${date.toISOString()} is no date: its time of day must be 00:00:00.000 UTC`)
    return ms / DAY_MS
  }
  if (name === LogicalName.TIME && (ms < 0 || ms >= DAY_MS))
    throw new DataError(`${date.toISOString()} is no time of day: its date must be 1970-01-01 UTC`)
  return ms
}

/** A `Date` for the logical types, else undefined. @throws DataError beyond what a `Date` holds: 275,760 years */
export function logicalFromNumber({ name }: Schema, value: number | bigint): Date | undefined {
  if (name !== LogicalName.DATE && name !== LogicalName.TIME && name !== LogicalName.TIMESTAMP) return undefined
  const ms = name === LogicalName.DATE ? Number(value) * DAY_MS : Number(value)
  if (Math.abs(ms) > 8.64e15) throw new DataError(`${value} is beyond the dates there are, -271821 to 275760`)
  return new Date(ms)
}
