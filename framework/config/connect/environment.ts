const PREFIX = 'CONNECT_'

/**
 * Properties that the environment says, by the convention of Kafka's container images: `CONNECT_BOOTSTRAP_SERVERS` is `bootstrap.servers`; `_` stands
 * for a dot, `__` for an underscore, `___` for a dash.
 */
export function propertiesOfEnvironment(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const properties: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || !name.startsWith(PREFIX) || name.length === PREFIX.length) continue
    properties[keyOf(name.slice(PREFIX.length))] = value
  }
  return properties
}

function keyOf(name: string): string {
  return name.toLowerCase().replace(/_{1,3}/g, run => (run.length === 1 ? '.' : run.length === 2 ? '_' : '-'))
}

/** The variable that says a property. */
export function environmentName(key: string): string {
  return PREFIX + key.replaceAll('_', '__').replaceAll('-', '___').replaceAll('.', '_').toUpperCase()
}
