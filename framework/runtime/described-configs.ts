import type { TaskConfig } from './runnable-connector.ts'

export interface ConnectorDescription {
  readonly name: string
  readonly kind: 'source' | 'sink'
  /** As written, with its variables. */
  readonly config: TaskConfig
  readonly tasks: readonly { readonly taskId: string; readonly config: TaskConfig }[]
}

const VARIABLE = /\$\{[^}]*\}/
/** A secret within a longer text is hidden from this length on: shorter ones are likely to be there by chance. */
const MIN_LENGTH_WITHIN = 8

/**
 * Task configurations as they may be shown: a key that the connector has with a variable gets the variable again, and so does any value made
 * of what a variable stood for.
 * @param raw of the connector, as written
 * @param resolved of the connector, its variables replaced
 */
export function describedTaskConfigs(
  configs: readonly TaskConfig[],
  raw: TaskConfig,
  resolved: TaskConfig,
): readonly TaskConfig[] {
  const written = Object.entries(raw).filter(([, value]) => VARIABLE.test(value))
  const variables = new Map(written)
  const secrets = written.flatMap(([key, variable]) => {
    const secret = resolved[key] ?? ''
    return secret === '' || secret === variable ? [] : [{ secret, variable }]
  })
  const shown = (key: string, value: string): string => {
    const variable = variables.get(key)
    if (variable !== undefined) return variable
    return raw[key] === value ? value : withoutSecrets(value, secrets)
  }
  return configs.map(config => Object.fromEntries(Object.entries(config).map(([key, value]) => [key, shown(key, value)])))
}

function withoutSecrets(value: string, secrets: readonly { readonly secret: string; readonly variable: string }[]): string {
  const whole = secrets.find(({ secret }) => secret === value)
  if (whole !== undefined) return whole.variable
  const within = secrets.filter(({ secret }) => secret.length >= MIN_LENGTH_WITHIN)
  return within.reduce((text, { secret, variable }) => text.replaceAll(secret, () => variable), value)
}
