import type { ConnectionOptions } from 'node:tls'

export interface SaslSettings {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
  readonly username: string
  readonly password: string
}

/** What any connection to one Kafka cluster needs to know. Times in milliseconds. */
export interface ClientSettings {
  /** `host:port`, IPv6 hosts in brackets. At least one. */
  readonly bootstrapServers: readonly string[]
  readonly clientId: string
  /** Present = TLS. Plain data: PEM texts, ciphers, versions; a host name check is skipped by a `checkServerIdentity` that accepts all. */
  readonly ssl?: ConnectionOptions
  readonly sasl?: SaslSettings
  /** How long a TCP and TLS connection may take to be set up. */
  readonly connectionTimeoutMs: number
  /** How long one answer may take. */
  readonly requestTimeoutMs: number
  readonly metadataMaxAgeMs: number
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
  /** `client.rack`: lets brokers name a nearer replica to read from. */
  readonly rack?: string
}

/** Kafka's defaults: to be given bootstrap servers and a client id. */
export const defaultClientSettings = {
  connectionTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  metadataMaxAgeMs: 300_000,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 1_000,
} as const satisfies Partial<ClientSettings>
