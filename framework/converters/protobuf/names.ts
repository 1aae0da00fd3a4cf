import { DataError } from '../../api/data.ts'

const NAMESPACE = 'io.confluent.connect.protobuf'

/** Parameters and names by which Connect's schemas say what only Protobuf knows. Those of Confluent's class ProtobufData. */
export const ProtoName = {
  /** Parameter: the number of a field. */
  TAG: `${NAMESPACE}.Tag`,
  /** Parameter: which of Protobuf's integers it is: `sint32`, `fixed64`. */
  TYPE: `${NAMESPACE}.Type`,
  /** Parameter of a string: the name of its enum; `….<symbol>` for each symbol has its number. */
  ENUM: `${NAMESPACE}.Enum`,
  /** What the names of structs begin with that are a oneof; the name of the oneof follows. */
  UNION: `${NAMESPACE}.Union.`,
} as const

/** Full names of messages that are logical types. */
export const ProtoMessage = {
  DECIMAL: 'confluent.type.Decimal',
  DATE: 'google.type.Date',
  TIME: 'google.type.TimeOfDay',
  TIMESTAMP: 'google.protobuf.Timestamp',
} as const

/** Parameters of a decimal's schema, and how the meta data of its field name them. */
export const PRECISION_PARAMETER = 'connect.decimal.precision'

/** Of an unnamed struct or map, with a number behind it. */
export const UNNAMED = 'ConnectDefault'

/** `orders_by_day` or `OrdersByDay` of a map to the name of the message of its entries. */
export function entryName(map: string): string {
  const camel = map.includes('_')
    ? map
        .split('_')
        .map(word => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase())
        .join('')
    : map
  return `${camel}Entry`
}

/** The name of a map by that of the message of its entries. */
export function mapName(entry: string): string {
  const bare = entry.replace(/Entry$/, '')
  return bare.replace(/[A-Z]/g, (letter, at) => (at === 0 ? '' : '_') + letter.toLowerCase())
}

/** A name as Protobuf allows it: as it is, or with `scrub` every other character replaced. @throws DataError */
export function protoName(name: string, scrub: boolean): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !(scrub && name.startsWith('_'))) return name
  if (!scrub)
    throw new DataError(
      `Protobuf does not allow the name ${JSON.stringify(name)}: letters, digits and _ only, no digit first; ` +
        'set scrub.invalid.names = true, or rename it with ReplaceField',
    )
  const plain = encodeURIComponent(name).replace(/[^A-Za-z0-9_]/g, '_')
  return /^[0-9_]/.test(plain) ? `x${plain}` : plain
}
