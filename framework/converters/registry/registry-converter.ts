import type { ConfigDefinition } from '../../api/config-definition.ts'
import type { Converter, MaybePromise, SchemaAndValue } from '../../api/converter.ts'
import type { ConnectValue, Schema } from '../../api/data.ts'
import type { RegistryCodec } from './registry-codec.ts'

/** What converters with a registry have in common: all is done by the codec that the configuration makes. */
export abstract class RegistryConverter implements Converter {
  abstract readonly definition: ConfigDefinition
  #codec: RegistryCodec | undefined

  configure(properties: Readonly<Record<string, string>>): void {
    this.#codec = this.createCodec(properties)
  }

  fromConnect(topic: string, schema: Schema | null, value: ConnectValue): MaybePromise<Uint8Array | null> {
    return this.#configured().fromConnect(topic, schema, value)
  }

  toConnect(_topic: string, bytes: Uint8Array | null): MaybePromise<SchemaAndValue> {
    return this.#configured().toConnect(bytes)
  }

  close(): void {
    this.#codec?.close()
  }

  /** @throws ConfigError */
  protected abstract createCodec(properties: Readonly<Record<string, string>>): RegistryCodec

  #configured(): RegistryCodec {
    if (this.#codec === undefined) throw new Error(`${this.constructor.name} was not configured`)
    return this.#codec
  }
}
