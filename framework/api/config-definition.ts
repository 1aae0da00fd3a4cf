export type ConfigType = 'string' | 'boolean' | 'int' | 'long' | 'double' | 'list' | 'class' | 'password'

/** One configuration key: everything that is known about it is said here, the documentation included. */
export interface ConfigKey {
  readonly type: ConfigType
  /** As it would be written in a file. Absent = required; null = no value. */
  readonly default?: string | null
  readonly doc: string
  /** The only values accepted. */
  readonly oneOf?: readonly string[]
  readonly min?: number
  readonly max?: number
  /** Returns what is wrong with the value and how to mend it, or undefined. */
  readonly validate?: (value: string) => string | undefined
}

/** Kafka's key names, dots included, to what they mean. */
export type ConfigDefinition = Readonly<Record<string, ConfigKey>>
