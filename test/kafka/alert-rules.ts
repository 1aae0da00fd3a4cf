import { readFileSync } from 'node:fs'

const read = (name: string): string => readFileSync(new URL(`../../examples/observe/${name}`, import.meta.url), 'utf8')

export const alertRules = read('alerts.yml')

/** The condition of each rule, by its name. */
export const alertExpressions: ReadonlyMap<string, string> = new Map(
  [...alertRules.matchAll(/- alert: (\w+)\n\s+expr: (.+)\n/g)].map(([, name = '', expression = '']) => [name, expression]),
)

/**
 * The rules for a test that cannot wait for minutes. Two things are replaced, and nothing else: each `for:` is two seconds, and records count as
 * waiting after three seconds instead of sixty.
 */
export const quickAlertRules = alertRules
  .replaceAll(/for: \d+m\b/g, 'for: 2s')
  .replace('isthmus_flow_oldest_uncopied_age_seconds > 60', 'isthmus_flow_oldest_uncopied_age_seconds > 3')

/** Every query of the dashboard. */
export const dashboardQueries: readonly string[] = queriesIn(JSON.parse(read('grafana-dashboard.json')))

function queriesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => (key === 'expr' ? [String(inner)] : queriesIn(inner)))
}
