import type { PluginLoader } from '../api/plugin.ts'
import { Cast } from './cast.ts'
import { ExtractField } from './extract-field.ts'
import { Flatten } from './flatten.ts'
import { HeaderFrom } from './header-from.ts'
import { DropHeaders, Filter, InsertHeader } from './headers.ts'
import { HoistField } from './hoist-field.ts'
import { InsertField } from './insert-field.ts'
import { MaskField } from './mask-field.ts'
import { HasHeaderKey, RecordIsTombstone, TopicNameMatches } from './predicates.ts'
import { ReplaceField } from './replace-field.ts'
import { RegexRouter, TimestampRouter } from './routers.ts'
import { SetSchemaMetadata } from './set-schema-metadata.ts'
import { TimestampConverter } from './timestamp-converter.ts'
import { ValueToKey } from './value-to-key.ts'

const JAVA = 'org.apache.kafka.connect.transforms.'

const ofRecords = { DropHeaders, Filter, InsertHeader, RegexRouter, TimestampRouter, ValueToKey } as const

/** Each for keys, `Cast$Key`, and for values, `Cast$Value`. */
const ofSides = {
  Cast,
  ExtractField,
  Flatten,
  HeaderFrom,
  HoistField,
  InsertField,
  MaskField,
  ReplaceField,
  SetSchemaMetadata,
  TimestampConverter,
} as const

const predicates = { HasHeaderKey, RecordIsTombstone, TopicNameMatches } as const

const named: readonly (readonly [string, new () => unknown])[] = [
  ...Object.entries(ofRecords),
  ...Object.entries(ofSides).flatMap(
    ([name, { Key, Value }]) =>
      [
        [`${name}$Key`, Key],
        [`${name}$Value`, Value],
      ] as const,
  ),
]

/** The transforms and predicates of this folder by their simple name and by the Java name that existing configurations hold. */
export const transformAliases: ReadonlyMap<string, new () => unknown> = new Map([
  ...named.flatMap(([name, type]) => [[name, type] as const, [JAVA + name, type] as const]),
  ...Object.entries(predicates).flatMap(([name, type]) => [[name, type] as const, [`${JAVA}predicates.${name}`, type] as const]),
])

/** Makes them known to who loads the classes that a configuration names. */
export function registerTransforms(plugins: Pick<PluginLoader, 'register'>): void {
  for (const [name, type] of transformAliases) plugins.register(name, type)
}
