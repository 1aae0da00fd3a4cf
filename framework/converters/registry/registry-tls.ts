import { readFileSync } from 'node:fs'
import type { ConfigDefinition } from '../../api/config-definition.ts'
import { ConfigError } from '../../api/connect-error.ts'
import type { Parsed } from '../../config/parse.ts'

const PEM = { type: 'string', default: 'PEM', oneOf: ['PEM'], doc: 'PEM; JKS and PKCS12 stores must be converted' } as const

export const tlsKeys = {
  'schema.registry.ssl.truststore.type': PEM,
  'schema.registry.ssl.truststore.location': { type: 'string', default: null, doc: 'a PEM file of certificates to trust' },
  'schema.registry.ssl.truststore.certificates': { type: 'string', default: null, doc: 'certificates to trust, as PEM text' },
  'schema.registry.ssl.keystore.type': PEM,
  'schema.registry.ssl.keystore.location': { type: 'string', default: null, doc: 'a PEM file with our key and certificate' },
  'schema.registry.ssl.keystore.key': { type: 'password', default: null, doc: 'our private key, as PEM text' },
  'schema.registry.ssl.keystore.certificate.chain': { type: 'string', default: null, doc: 'our certificate, as PEM text' },
  'schema.registry.ssl.key.password': { type: 'password', default: null, doc: 'of an encrypted private key' },
  'schema.registry.ssl.endpoint.identification.algorithm': {
    type: 'string',
    default: 'https',
    oneOf: ['https', ''],
    doc: 'https = the name in the certificate must be that of the host; empty = any name',
  },
} as const satisfies ConfigDefinition

/** What `https.request` takes. */
export interface RegistryTls {
  readonly ca?: string
  readonly key?: string
  readonly cert?: string
  readonly passphrase?: string
  readonly checkServerIdentity?: () => undefined
}

/** @throws ConfigError for files that cannot be read */
export function readTls(config: Parsed<typeof tlsKeys>): RegistryTls {
  const text = (inline: keyof typeof tlsKeys, file: keyof typeof tlsKeys) => config[inline] ?? readPem(file, config[file])
  const ca = text('schema.registry.ssl.truststore.certificates', 'schema.registry.ssl.truststore.location')
  const key = text('schema.registry.ssl.keystore.key', 'schema.registry.ssl.keystore.location')
  const cert = text('schema.registry.ssl.keystore.certificate.chain', 'schema.registry.ssl.keystore.location')
  const passphrase = config['schema.registry.ssl.key.password']
  const anyName = config['schema.registry.ssl.endpoint.identification.algorithm'] === ''
  return {
    ...(ca !== null && { ca }),
    ...(key !== null && { key }),
    ...(cert !== null && { cert }),
    ...(passphrase !== null && { passphrase }),
    ...(anyName && { checkServerIdentity: () => undefined }),
  }
}

function readPem(key: string, file: string | null): string | null {
  if (file === null) return null
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ConfigError([{ key, value: file, message: `cannot be read: ${(cause as Error).message}` }])
  }
}
