import { ConfigError, type ConfigProblem } from '../../../framework/api/connect-error.ts'
import { Findings } from '../../../framework/config/findings.ts'
import { didYouMean } from '../../../framework/config/nearest.ts'
import { type ObserveSettings, readObserveSettings } from '../../../framework/config/observe-keys.ts'
import type { PartitionChoice } from '../../../framework/runtime/metrics/index.ts'
import { checkKeys } from './check-keys.ts'
import { copies, type LineOptions, readLines, sourceConnectorOf } from './file-lines.ts'
import { type HeartbeatFlow, type MirrorFlow, readFlow, readHeartbeatFlow } from './flow-config.ts'
import type { ClusterPair } from './mirror-maker-config.ts'

type Properties = Readonly<Record<string, string>>

/** What the process shows of itself. */
export interface MirrorObserve {
  /** `none` = nobody listens. */
  readonly listen: string
  readonly metrics: PartitionChoice
  readonly logLevels: ObserveSettings['logLevels']
}

/** What a mirror file asks for. */
export interface MirrorPlan {
  /** Flows that copy records. None only where the file asks for heartbeats by name. */
  readonly flows: readonly MirrorFlow[]
  /** Pairs that copy no records, whose worker only writes heartbeats to its target. */
  readonly heartbeatFlows: readonly HeartbeatFlow[]
  readonly observe: MirrorObserve
  readonly warnings: readonly ConfigProblem[]
}

export interface CheckOptions extends LineOptions {
  /** `--clusters`: only flows to these. None = all. */
  readonly clusters?: readonly string[]
}

/**
 * Reads a whole mirror file.
 * @param properties as parsed from the file
 * @throws ConfigError with every problem of the file
 */
export function checkMirrorFile(properties: Properties, options: CheckOptions = {}): MirrorPlan {
  const findings = new Findings()
  const file = readLines(properties, options, findings)
  const { raw, config } = file

  checkClusters(raw, config.clusters, findings)
  checkFlowNames(raw, config.clusters, findings)
  const chosen = chooseTargets(options.clusters ?? [], config.clusters, findings)
  checkKeys(raw, config.clusters, findings)

  const observe = readObserveSettings(config.ofProcess, findings)
  const flows: MirrorFlow[] = []
  const heartbeatFlows: HeartbeatFlow[] = []
  let wanted = 0
  for (const pair of config.clusterPairs.filter(({ target }) => chosen.includes(target))) {
    if (!copies(sourceConnectorOf(pair, file))) {
      const beats = pair.heartbeats ? readHeartbeatFlow(file, pair, findings) : undefined
      if (beats !== undefined) heartbeatFlows.push(beats)
      if (beats !== undefined && asksForHeartbeats(raw, pair)) wanted++
      continue
    }
    wanted++
    const flow = readFlow(file, pair, findings)
    if (flow !== undefined) flows.push(flow)
  }
  if (wanted === 0 && config.clusters.length > 1) reportNoFlow(chosen, config.clusters, findings)
  if (findings.problems.length > 0 || observe === undefined) throw new ConfigError(findings.problems)
  const { listen, partitions: shown, partitionsMax: max, logLevels } = observe
  return { flows, heartbeatFlows, observe: { listen, metrics: { shown, max }, logLevels }, warnings: findings.warnings }
}

function checkClusters(raw: Properties, clusters: readonly string[], findings: Findings): void {
  if (clusters.length === 0) findings.problem('clusters', raw.clusters, 'is missing; name the clusters, e.g. clusters = A, B')
  else if (clusters.length === 1)
    findings.problem('clusters', raw.clusters, 'names one cluster only; name a source and a target, e.g. clusters = A, B')
}

/** Keys such as `A->B.enabled` must name two known clusters. */
function checkFlowNames(raw: Properties, clusters: readonly string[], findings: Findings): void {
  if (clusters.length === 0) return
  for (const [key, value] of Object.entries(raw)) {
    const arrow = key.indexOf('->')
    if (arrow < 0) continue
    const source = key.slice(0, arrow)
    const rest = key.slice(arrow + 2)
    const target = clusters.filter(alias => rest === alias || rest.startsWith(`${alias}.`)).sort((a, b) => b.length - a.length)[0]
    for (const alias of [
      ...(clusters.includes(source) ? [] : [source]),
      ...(target === undefined ? [rest.split('.')[0] ?? ''] : []),
    ]) {
      findings.problem(
        key,
        value,
        `clusters = ${clusters.join(', ')} names no cluster ${alias}${didYouMean(alias, clusters) || '; add it or correct the key'}`,
      )
    }
    if (target === source) findings.warning(key, value, 'has no effect: a cluster is not copied to itself; remove it')
  }
}

function chooseTargets(wanted: readonly string[], clusters: readonly string[], findings: Findings): readonly string[] {
  for (const alias of wanted) {
    if (clusters.includes(alias)) continue
    findings.problem(
      '--clusters',
      alias,
      `the file names no such cluster (clusters = ${clusters.join(', ')})${didYouMean(alias, clusters) || '; correct it'}`,
    )
  }
  const known = clusters.filter(alias => wanted.includes(alias))
  return known.length === 0 ? clusters : known
}

function reportNoFlow(chosen: readonly string[], clusters: readonly string[], findings: Findings): void {
  const target = chosen.find(alias => alias !== clusters[0]) ?? chosen[0] ?? clusters[1]
  const source = clusters.find(alias => alias !== target)
  const key = `${source}->${target}.enabled`
  const among = chosen.length === clusters.length ? '' : ` to ${chosen.join(', ')}`
  findings.problem(key, undefined, `no flow${among} is enabled, so there is nothing to copy; add the line ${key} = true`)
}

/** Heartbeats are the default of every pair: a file that copies nothing and does not name them is a mistake. */
function asksForHeartbeats(raw: Properties, { source, target }: ClusterPair): boolean {
  const key = 'emit.heartbeats.enabled'
  return raw[`${source}->${target}.${key}`] !== undefined || raw[key] !== undefined
}
