import type { Reporter } from '../config/findings.ts'

export type OverridePolicy = 'All' | 'None' | 'Principal'

const OVERRIDE = /^(producer|consumer|admin)\.override\.(.+)$/
const OF_PRINCIPAL: readonly string[] = ['security.protocol', 'sasl.jaas.config', 'sasl.mechanism']

/** `connector.client.config.override.policy`: reports the client settings that a connector may not say itself. True when there is none. */
export function checkOverrides(policy: string, connector: Readonly<Record<string, string>>, report: Reporter): boolean {
  const refused = Object.entries(connector).filter(([key]) => {
    const [, , setting] = OVERRIDE.exec(key) ?? []
    return setting !== undefined && policy !== 'All' && !(policy === 'Principal' && OF_PRINCIPAL.includes(setting))
  })
  for (const [key, value] of refused) {
    const setting = OVERRIDE.exec(key)?.[2]
    report.problem(
      key,
      value,
      `The '${policy}' policy does not allow '${setting}' to be overridden in the connector configuration; remove it, or set connector.client.config.override.policy of the worker`,
    )
  }
  return refused.length === 0
}
