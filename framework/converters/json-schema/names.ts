const NAMESPACE = 'io.confluent.connect.json'

/** The name of a struct that is one of several types; its fields are `….field.0` and so on, one of them not null. */
export const ONE_OF = `${NAMESPACE}.OneOf`

/** Parameters of a string that is one of several: this one, and `….<symbol>` for each. */
export const ENUM = `${NAMESPACE}.Enum`

/** The symbol of an enum that is null. */
export const NULL_MARKER = '<NULL>'

/** Parameters that are written in JSON Schema's own words. */
export function isInternal(parameter: string): boolean {
  return parameter.startsWith(NAMESPACE)
}
