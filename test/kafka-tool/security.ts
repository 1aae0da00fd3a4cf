import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cacheRoot, withLock } from './cache.ts'
import { jdkTool, missingTool, run } from './jdk.ts'

export type SecurityProtocol = 'PLAINTEXT' | 'SASL_PLAINTEXT' | 'SSL' | 'SASL_SSL'

export const ADMIN = { username: 'admin', password: 'admin-secret' } as const
export const SASL_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const

/** What a client needs to connect to a cluster that is not PLAINTEXT. */
export interface ClusterSecurity {
  readonly protocol: SecurityProtocol
  /** Present with SASL: valid for each of SASL_MECHANISMS. */
  readonly username?: string
  readonly password?: string
  /** Present with TLS: PEM file with the certificate to trust; it names localhost and 127.0.0.1. */
  readonly caPath?: string
  /** The same for a Java client (SASL with PLAIN). */
  readonly javaProperties: Readonly<Record<string, string>>
}

const KEYSTORE_PASSWORD = 'isthmus-test'

export const usesTls = (protocol: SecurityProtocol): boolean => protocol === 'SSL' || protocol === 'SASL_SSL'
export const usesSasl = (protocol: SecurityProtocol): boolean => protocol === 'SASL_PLAINTEXT' || protocol === 'SASL_SSL'

export async function clusterSecurity(protocol: SecurityProtocol): Promise<ClusterSecurity | undefined> {
  if (protocol === 'PLAINTEXT') return undefined
  const javaProperties: Record<string, string> = { 'security.protocol': protocol }
  const caPath = usesTls(protocol) ? join(await tlsFolder(), 'ca.pem') : undefined
  if (caPath !== undefined) {
    javaProperties['ssl.truststore.type'] = 'PEM'
    javaProperties['ssl.truststore.location'] = caPath
  }
  if (usesSasl(protocol)) {
    javaProperties['sasl.mechanism'] = 'PLAIN'
    javaProperties['sasl.jaas.config'] = jaas('plain.Plain', `username="${ADMIN.username}" password="${ADMIN.password}"`)
  }
  return { protocol, ...(usesSasl(protocol) ? ADMIN : {}), ...(caPath === undefined ? {} : { caPath }), javaProperties }
}

/** Properties of a broker for the listener named CLIENT. */
export async function listenerProperties(protocol: SecurityProtocol): Promise<Record<string, string>> {
  const properties: Record<string, string> = {}
  if (usesTls(protocol)) {
    properties['ssl.keystore.type'] = 'PKCS12'
    properties['ssl.keystore.location'] = join(await tlsFolder(), 'broker.p12')
    properties['ssl.keystore.password'] = KEYSTORE_PASSWORD
  }
  if (usesSasl(protocol)) {
    properties['sasl.enabled.mechanisms'] = SASL_MECHANISMS.join(',')
    const prefix = 'listener.name.client'
    properties[`${prefix}.plain.sasl.jaas.config`] = jaas('plain.Plain', `user_${ADMIN.username}="${ADMIN.password}"`)
    properties[`${prefix}.scram-sha-256.sasl.jaas.config`] = jaas('scram.Scram')
    properties[`${prefix}.scram-sha-512.sasl.jaas.config`] = jaas('scram.Scram')
  }
  return properties
}

function jaas(mechanism: string, options = ''): string {
  return `org.apache.kafka.common.security.${mechanism}LoginModule required ${options};`.replace(' ;', ';')
}

/** The same certificate for any other server: `https.createServer(server)`; a client trusts the file `caPath`. */
export async function serverCertificate(): Promise<{
  readonly server: { pfx: Buffer; passphrase: string }
  readonly caPath: string
}> {
  const dir = await tlsFolder()
  return { server: { pfx: readFileSync(join(dir, 'broker.p12')), passphrase: KEYSTORE_PASSWORD }, caPath: join(dir, 'ca.pem') }
}

/** One self-signed certificate for all brokers of all clusters, made once: broker.p12 and ca.pem. */
async function tlsFolder(): Promise<string> {
  const dir = join(cacheRoot, 'tls')
  if (existsSync(dir)) return dir
  await withLock(`${dir}.lock`, async () => {
    if (existsSync(dir)) return
    const work = `${dir}.partial`
    rmSync(work, { recursive: true, force: true })
    mkdirSync(work, { recursive: true })
    const store = ['-keystore', join(work, 'broker.p12'), '-storepass', KEYSTORE_PASSWORD, '-alias', 'broker']
    const names = ['-ext', 'san=dns:localhost,ip:127.0.0.1', '-ext', 'bc:critical=ca:true']
    const key = ['-keyalg', 'EC', '-groupname', 'secp256r1', '-dname', 'CN=localhost', '-validity', '3650']
    await keytool(['-genkeypair', '-storetype', 'PKCS12', ...store, ...key, ...names])
    await keytool(['-exportcert', '-rfc', ...store, '-file', join(work, 'ca.pem')])
    renameSync(work, dir)
  })
  return dir
}

async function keytool(args: readonly string[]): Promise<void> {
  const result = await run(jdkTool('keytool'), args).catch(missingTool)
  if (result.code !== 0) throw new Error(`keytool failed: ${result.stdout}${result.stderr}`)
}
