import type { Reporter } from '../../config/findings.ts'
import type { ClientSettings } from '../client-settings.ts'
import { parseSasl } from './sasl.ts'
import { parseTls } from './tls.ts'

const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const

/** Reads `security.protocol`, `ssl.*` and `sasl.*`; undefined after a problem. What is not supported is refused by name. */
export function parseSecurity(
  properties: Readonly<Record<string, string>>,
  report: Reporter,
): Pick<ClientSettings, 'ssl' | 'sasl'> | undefined {
  const text = properties['security.protocol']
  const protocol = PROTOCOLS.find(p => p === (text ?? 'PLAINTEXT').trim().toUpperCase())
  if (protocol === undefined) {
    report.problem('security.protocol', text, `must be one of ${PROTOCOLS.join(', ')}`)
    return undefined
  }
  const wantsTls = protocol.endsWith('SSL')
  const wantsSasl = protocol.startsWith('SASL')
  const ssl = wantsTls ? parseTls(properties, report) : undefined
  const sasl = wantsSasl ? parseSasl(properties, report) : undefined
  if ((wantsTls && ssl === undefined) || (wantsSasl && sasl === undefined)) return undefined
  return { ...(ssl && { ssl }), ...(sasl && { sasl }) }
}
