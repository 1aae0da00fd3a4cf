import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Findings } from '../../../../../framework/config/findings.ts'
import { parseJaas } from '../../../../../framework/kafka/client-config/jaas.ts'
import { parseSecurity } from '../../../../../framework/kafka/client-config/security.ts'

const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule'
const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule'

/** A key and certificate made for this test, worth nothing elsewhere. */
const pem = fileURLToPath(new URL('self-signed.pem', import.meta.url))
const text = readFileSync(pem, 'utf8')
const key = text.slice(0, text.indexOf('-----BEGIN CERTIFICATE'))
const cert = text.slice(key.length)

function read(properties: Record<string, string>) {
  const findings = new Findings()
  return {
    settings: parseSecurity(properties, findings),
    problems: findings.problems.map(p => `${p.key}${p.value === undefined ? '' : ` = ${p.value}`}: ${p.message}`),
  }
}

describe('security.protocol', () => {
  test('PLAINTEXT is the default; case does not count', () => {
    assert.deepEqual(read({}).settings, {})
    assert.deepEqual(read({ 'security.protocol': 'plaintext' }).settings, {})
    const sasl = { 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': `${PLAIN} required username="u" password="p";` }
    assert.deepEqual(read({ 'security.protocol': 'sasl_ssl', ...sasl }).settings, {
      ssl: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' },
      sasl: { mechanism: 'plain', username: 'u', password: 'p' },
    })
  })

  test('others are refused by name', () => {
    assert.deepEqual(read({ 'security.protocol': 'abc' }).problems, [
      'security.protocol = abc: must be one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL',
    ])
  })
})

describe('TLS', () => {
  const ssl = { 'security.protocol': 'SSL' }

  test('PEM stores, as files and in the properties', () => {
    const files = {
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': pem,
      'ssl.keystore.type': 'pem',
      'ssl.keystore.location': pem,
    }
    const byFile = read({ ...ssl, ...files })
    assert.deepEqual(byFile.problems, [])
    assert.equal(byFile.settings?.ssl?.ca, key + cert)
    assert.equal(byFile.settings?.ssl?.key, key.trim())
    assert.equal(byFile.settings?.ssl?.cert, cert.trim())
    const inline = {
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.certificates': cert,
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.key': key,
      'ssl.keystore.certificate.chain': cert,
    }
    assert.deepEqual(read({ ...ssl, ...inline }).settings?.ssl, {
      ca: cert,
      cert,
      key,
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
    })
  })

  test('an empty identification algorithm accepts any host', () => {
    const { settings } = read({ ...ssl, 'ssl.endpoint.identification.algorithm': '' })
    assert.equal(settings?.ssl?.checkServerIdentity?.('any', {} as never), undefined)
    assert.equal(read({ ...ssl, 'ssl.endpoint.identification.algorithm': 'HTTPS' }).settings?.ssl?.checkServerIdentity, undefined)
  })

  test('versions and ciphers by their Java names', () => {
    const { settings } = read({
      ...ssl,
      'ssl.enabled.protocols': 'TLSv1.2',
      'ssl.cipher.suites':
        'TLS_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_RSA_WITH_AES_128_CBC_SHA, TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
    })
    assert.equal(settings?.ssl?.maxVersion, 'TLSv1.2')
    assert.equal(
      settings?.ssl?.ciphers,
      'TLS_AES_256_GCM_SHA384:ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA:ECDHE-RSA-CHACHA20-POLY1305',
    )
  })

  test('what is not supported, or wrong, is refused with the remedy', () => {
    const refused: readonly (readonly [Record<string, string>, RegExp])[] = [
      [
        { 'ssl.truststore.location': 'x.jks' },
        /^ssl\.truststore\.type: is missing, and Java's default JKS is not supported; set it to PEM/,
      ],
      [
        { 'ssl.keystore.location': 'x.p12', 'ssl.keystore.type': 'PKCS12' },
        /^ssl\.keystore\.type = PKCS12: is not supported; set it to PEM/,
      ],
      [
        { 'ssl.truststore.location': 'nowhere.pem', 'ssl.truststore.type': 'PEM' },
        /^ssl\.truststore\.location = nowhere\.pem: cannot be read/,
      ],
      [
        { 'ssl.truststore.certificates': 'x', 'ssl.truststore.type': 'PEM' },
        /^ssl\.truststore\.certificates = x: holds no certificate/,
      ],
      [
        { 'ssl.keystore.key': key, 'ssl.keystore.type': 'PEM' },
        /^ssl\.keystore\.certificate\.chain: the certificate chain is missing/,
      ],
      [{ 'ssl.engine.factory.class': 'X' }, /^ssl\.engine\.factory\.class = X: Java classes cannot be run here/],
      [{ 'ssl.enabled.protocols': 'SSLv3' }, /^ssl\.enabled\.protocols = SSLv3: must be/],
      [{ 'ssl.cipher.suites': 'FOO' }, /^ssl\.cipher\.suites = FOO: FOO is not known here/],
      [{ 'ssl.endpoint.identification.algorithm': 'ldaps' }, /must be https, or empty/],
    ]
    for (const [properties, expected] of refused) {
      const { settings, problems } = read({ ...ssl, ...properties })
      assert.equal(settings, undefined)
      assert.match(problems[0] ?? '', expected)
    }
  })
})

describe('SASL', () => {
  const sasl = { 'security.protocol': 'SASL_PLAINTEXT' }

  test('SCRAM', () => {
    for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512']) {
      const { settings } = read({
        ...sasl,
        'sasl.mechanism': mechanism,
        'sasl.jaas.config': `${SCRAM} required username='u' password=p;`,
      })
      assert.deepEqual(settings, { sasl: { mechanism: mechanism.toLowerCase(), username: 'u', password: 'p' } })
    }
  })

  test('what is not supported, or wrong, is refused with the remedy; passwords are not shown', () => {
    const refused: readonly (readonly [Record<string, string>, RegExp])[] = [
      [
        {},
        /^sasl\.mechanism: is missing, and Kafka's default GSSAPI is not supported; use one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512$/,
      ],
      [{ 'sasl.mechanism': 'OAUTHBEARER' }, /^sasl\.mechanism = OAUTHBEARER: is not supported/],
      [
        { 'sasl.mechanism': 'PLAIN' },
        /^sasl\.jaas\.config: is missing; write org\.apache\.kafka\.common\.security\.plain\.PlainLoginModule required username="…"/,
      ],
      [
        { 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': `${SCRAM} required username="u" password="p";` },
        /^sasl\.jaas\.config = \[hidden\]: names .*Scram.* does not go with/,
      ],
      [{ 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': `${PLAIN} required username="u";` }, /has no password/],
      [
        { 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': `${PLAIN} required username="u" password="p"` },
        /the closing ; is missing/,
      ],
      [
        {
          'sasl.mechanism': 'SCRAM-SHA-256',
          'sasl.jaas.config': `${SCRAM} required username="u" password="p" tokenauth="true";`,
        },
        /delegation tokens/,
      ],
      [
        {
          'sasl.mechanism': 'PLAIN',
          'sasl.jaas.config': `${PLAIN} required username="u" password="p";`,
          'sasl.login.class': 'X',
        },
        /^sasl\.login\.class = X/,
      ],
    ]
    for (const [properties, expected] of refused) {
      const { settings, problems } = read({ ...sasl, ...properties })
      assert.equal(settings, undefined)
      assert.match(problems[0] ?? '', expected)
    }
  })

  test('quoting and escapes of JAAS', () => {
    const entry = parseJaas(
      `${PLAIN} REQUIRED // a comment\n username="a \\"b\\"\\\\" password='it"s; = \\101\\n' /* more */ x=y-z.1;`,
    )
    assert.deepEqual(entry, { module: PLAIN, options: { username: 'a "b"\\', password: 'it"s; = A\n', x: 'y-z.1' } })
    for (const [text, expected] of [
      ['', /no login module/],
      [`${PLAIN} username="u";`, /must be followed by the word required/],
      [`${PLAIN} required username;`, /username must be written as name="value"/],
      [`${PLAIN} required username="u;`, /a quote is not closed/],
      [`${PLAIN} required; ${PLAIN} required;`, /only one login module/],
    ] as const) {
      assert.throws(() => parseJaas(text), expected)
    }
  })
})
