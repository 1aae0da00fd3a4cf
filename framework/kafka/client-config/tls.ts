import { readFileSync } from 'node:fs'
import { type ConnectionOptions, createSecureContext, getCiphers, type SecureVersion } from 'node:tls'
import type { Reporter } from '../../config/findings.ts'

type Properties = Readonly<Record<string, string>>

const REFUSED: Readonly<Record<string, string>> = {
  'ssl.engine.factory.class': 'Java classes cannot be run here; remove it and use PEM files',
  'ssl.provider': 'Java security providers cannot be used here; remove it',
}

const VERSIONS: Readonly<Record<string, SecureVersion>> = {
  TLSV1: 'TLSv1',
  'TLSV1.1': 'TLSv1.1',
  'TLSV1.2': 'TLSv1.2',
  'TLSV1.3': 'TLSv1.3',
}

/** Reads `ssl.*` with PEM stores; undefined after a problem. */
export function parseTls(properties: Properties, report: Reporter): ConnectionOptions | undefined {
  const reader = new TlsReader(properties, report)
  const options: ConnectionOptions = {
    ...reader.trust(),
    ...reader.identity(),
    ...reader.versions(),
    ...reader.ciphers(),
    ...reader.hostCheck(),
  }
  for (const [key, message] of Object.entries(REFUSED)) if (properties[key] !== undefined) reader.refuse(key, message)
  if (!reader.sound) return undefined
  try {
    createSecureContext(options)
    return options
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const key = options.key === undefined ? 'ssl.truststore.location' : 'ssl.key.password'
    report.problem(key, properties[key], `the PEM texts cannot be used: ${reason}; check key, certificates and password`)
    return undefined
  }
}

class TlsReader {
  sound = true
  readonly #properties: Properties
  readonly #report: Reporter

  constructor(properties: Properties, report: Reporter) {
    this.#properties = properties
    this.#report = report
  }

  refuse(key: string, message: string): undefined {
    this.sound = false
    this.#report.problem(key, this.#properties[key], message)
    return undefined
  }

  /** Certificates to trust; none given = those Node.js knows. */
  trust(): ConnectionOptions {
    const inline = this.#properties['ssl.truststore.certificates']
    const given = inline !== undefined || this.#properties['ssl.truststore.location'] !== undefined
    if (!given || !this.#isPem('truststore')) return {}
    const pem = inline ?? this.#readPem('ssl.truststore.location')
    if (pem === undefined) return {}
    if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
      this.refuse(
        inline === undefined ? 'ssl.truststore.location' : 'ssl.truststore.certificates',
        'holds no certificate; give PEM certificates',
      )
    }
    return { ca: pem }
  }

  /** Certificate chain and private key of this client, if it has any. */
  identity(): ConnectionOptions {
    const inlineKey = this.#properties['ssl.keystore.key']
    const inlineChain = this.#properties['ssl.keystore.certificate.chain']
    const inline = inlineKey !== undefined || inlineChain !== undefined
    if (!inline && this.#properties['ssl.keystore.location'] === undefined) return {}
    if (!this.#isPem('keystore')) return {}
    const file = inline ? '' : this.#readPem('ssl.keystore.location')
    if (file === undefined) return {}
    const cert = inline ? inlineChain : blocks(file, 'CERTIFICATE')
    const key = inline ? inlineKey : blocks(file, '(?:[A-Z]+ )*PRIVATE KEY')
    if (!cert || !key) {
      const where = inline ? (key ? 'ssl.keystore.certificate.chain' : 'ssl.keystore.key') : 'ssl.keystore.location'
      this.refuse(where, `${key ? 'the certificate chain' : 'the private key'} is missing; give both, as PEM`)
      return {}
    }
    const passphrase = this.#properties['ssl.key.password']
    return { cert, key, ...(passphrase === undefined ? {} : { passphrase }) }
  }

  versions(): ConnectionOptions {
    const text = this.#properties['ssl.enabled.protocols']
    const single = this.#properties['ssl.protocol']
    const names = (text ?? 'TLSv1.2,TLSv1.3').split(',').map(name => name.trim().toUpperCase())
    const versions = names.map(name => VERSIONS[name]).filter(version => version !== undefined)
    if (versions.length !== names.length) this.refuse('ssl.enabled.protocols', 'must be of TLSv1.2, TLSv1.3')
    if (single !== undefined && VERSIONS[single.trim().toUpperCase()] === undefined)
      this.refuse('ssl.protocol', 'must be TLSv1.2 or TLSv1.3')
    versions.sort()
    const [minVersion, maxVersion] = [versions[0], versions.at(-1)]
    return { ...(minVersion && { minVersion }), ...(maxVersion && { maxVersion }) }
  }

  ciphers(): ConnectionOptions {
    const text = this.#properties['ssl.cipher.suites']?.trim()
    if (text === undefined || text === '') return {}
    const known = new Set(getCiphers())
    const names = text.split(/\s*,\s*/).map(name => ({ name, here: openSslName(name) }))
    const unknown = names.filter(({ here }) => !known.has(here.toLowerCase()))
    if (unknown.length > 0)
      this.refuse('ssl.cipher.suites', `${unknown.map(u => u.name).join(', ')} is not known here; leave it out`)
    return { ciphers: names.map(({ here }) => here).join(':') }
  }

  hostCheck(): ConnectionOptions {
    const text = this.#properties['ssl.endpoint.identification.algorithm']?.trim() ?? 'https'
    if (text === '') return { checkServerIdentity: () => undefined }
    if (text.toLowerCase() !== 'https') {
      this.refuse('ssl.endpoint.identification.algorithm', 'must be https, or empty to accept any host name')
    }
    return {}
  }

  #isPem(store: 'truststore' | 'keystore'): boolean {
    const key = `ssl.${store}.type`
    const type = this.#properties[key]?.trim().toUpperCase()
    if (type === 'PEM') return true
    const what = type === undefined ? "is missing, and Java's default JKS is not supported" : 'is not supported'
    this.refuse(
      key,
      `${what}; set it to PEM and give a PEM file (keytool -importkeystore to PKCS12, then openssl pkcs12 -nodes, makes one)`,
    )
    return false
  }

  #readPem(key: string): string | undefined {
    const path = this.#properties[key]?.trim() ?? ''
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      return this.refuse(
        key,
        `cannot be read (${error instanceof Error ? error.message : String(error)}); give the path of a PEM file`,
      )
    }
  }
}

function blocks(pem: string, label: string): string {
  const pattern = new RegExp(`-----BEGIN (${label})-----[^]*?-----END \\1-----`, 'g')
  return [...pem.matchAll(pattern)].map(([block]) => block).join('\n')
}

/** `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` is `ECDHE-RSA-AES128-GCM-SHA256` to OpenSSL; the names of TLS 1.3 are the same. */
function openSslName(name: string): string {
  if (!name.includes('_WITH_')) return name
  return name
    .replace(/^TLS_/, '')
    .replace(/^RSA_WITH_/, '')
    .replace('_WITH_', '_')
    .replace(/AES_(128|256)/, 'AES$1')
    .replace(/_CBC_/, '_')
    .replace(/CHACHA20_POLY1305_SHA256$/, 'CHACHA20_POLY1305')
    .replaceAll('_', '-')
}
