import type { Reporter } from '../../config/findings.ts'
import type { SaslSettings } from '../client-settings.ts'
import { type JaasEntry, parseJaas } from './jaas.ts'

type Properties = Readonly<Record<string, string>>

const MODULES: Readonly<Record<string, string>> = {
  PLAIN: 'org.apache.kafka.common.security.plain.PlainLoginModule',
  'SCRAM-SHA-256': 'org.apache.kafka.common.security.scram.ScramLoginModule',
  'SCRAM-SHA-512': 'org.apache.kafka.common.security.scram.ScramLoginModule',
}

const CUSTOM = ['sasl.client.callback.handler.class', 'sasl.login.callback.handler.class', 'sasl.login.class']

/** Reads `sasl.*`; undefined after a problem. */
export function parseSasl(properties: Properties, report: Reporter): SaslSettings | undefined {
  let refused = false
  for (const key of CUSTOM) {
    if (properties[key] === undefined) continue
    refused = true
    report.problem(
      key,
      properties[key],
      'Java classes cannot be run here; use PLAIN or SCRAM with sasl.jaas.config and remove it',
    )
  }
  const mechanism = (properties['sasl.mechanism'] ?? 'GSSAPI').trim()
  const module = Object.hasOwn(MODULES, mechanism) ? MODULES[mechanism] : undefined
  if (module === undefined) {
    const unset = properties['sasl.mechanism'] === undefined
    const what = unset ? "is missing, and Kafka's default GSSAPI is not supported" : 'is not supported'
    report.problem('sasl.mechanism', properties['sasl.mechanism'], `${what}; use one of ${Object.keys(MODULES).join(', ')}`)
    return undefined
  }
  const credentials = readCredentials(properties['sasl.jaas.config'], mechanism, module, report)
  if (refused || credentials === undefined) return undefined
  return { mechanism: mechanism.toLowerCase() as SaslSettings['mechanism'], ...credentials }
}

function readCredentials(
  text: string | undefined,
  mechanism: string,
  module: string,
  report: Reporter,
): { readonly username: string; readonly password: string } | undefined {
  const example = `write ${module} required username="…" password="…";`
  const refuse = (problem: string): undefined => report.problem('sasl.jaas.config', text, `${problem}; ${example}`) as undefined
  if (text === undefined) return refuse('is missing')
  let entry: JaasEntry
  try {
    entry = parseJaas(text)
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
  if (entry.module !== module) return refuse(`names ${entry.module}, which does not go with sasl.mechanism = ${mechanism}`)
  if (entry.options.tokenauth?.toLowerCase() === 'true') return refuse('delegation tokens (tokenauth) are not supported')
  const { username, password } = entry.options
  if (username === undefined || password === undefined)
    return refuse(`has no ${username === undefined ? 'username' : 'password'}`)
  return { username, password }
}
