import type { Enum, Field, OneOf, Root, Type } from 'protobufjs'
import { requireOptional } from '../registry/optional-package.ts'

export type { Enum, Field, OneOf, Root, Type }

/** The package protobufjs, which a program that wants Protobuf installs. @throws ConfigError where it is not */
export function loadProtobufjs(): typeof import('protobufjs') {
  return requireOptional('protobufjs', 'Protobuf')
}
