import type { Reporter } from '../../config/findings.ts'

/** Splits and checks `bootstrap.servers`; undefined after a problem. */
export function parseServers(value: string | undefined, report: Reporter): readonly string[] | undefined {
  const servers = (value ?? '')
    .split(',')
    .map(server => server.trim())
    .filter(server => server !== '')
  if (servers.length === 0) {
    report.problem('bootstrap.servers', value, 'is missing; name at least one broker as host:port')
    return undefined
  }
  const wrong = servers.filter(server => !isHostPort(server))
  if (wrong.length > 0)
    report.problem('bootstrap.servers', value, `${wrong.join(', ')} is not host:port; write e.g. broker-1:9092`)
  // `PLAINTEXT://host:port` is how listeners are written, and Kafka's clients take it
  return wrong.length > 0 ? undefined : servers.map(server => server.replace(/^[a-zA-Z0-9_-]+:\/\//, ''))
}

function isHostPort(server: string): boolean {
  const [, port] = /^(?:[a-zA-Z0-9_-]+:\/\/)?(?:\[[0-9a-fA-F:.]+(?:%[\w.-]+)?\]|[a-zA-Z0-9._-]+):(\d{1,5})$/.exec(server) ?? []
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65535
}
