import { type LeafKeys, readLeaves } from './convict-keys.ts'
import type { Reporter } from './findings.ts'
import { isNone, parseListenAddress } from './listen-address.ts'
import { type LogLevelList, parseLogLevels } from './log-levels.ts'

/** What a process shows of itself, in the worker's file or the mirror's. */
export const observeKeys = {
  listen: {
    kafka: 'isthmus.http.listen',
    type: 'string',
    default: 'none',
    doc: 'host:port to serve /metrics, /health and /status at, over plain HTTP and for everybody who can reach it; none = nowhere',
  },
  partitions: {
    kafka: 'isthmus.metrics.partitions',
    type: 'string',
    default: 'all',
    oneOf: ['all', 'troubled', 'none'],
    doc: 'partitions that have series of their own: all, those that do not go on as they should, or none; sums count every one',
  },
  partitionsMax: {
    kafka: 'isthmus.metrics.partitions.max',
    type: 'int',
    default: '10000',
    min: 0,
    doc: 'at most so many partitions have series of their own, the troubled ones first; isthmus_partitions_omitted counts the others',
  },
  logLevels: {
    kafka: 'isthmus.log.levels',
    type: 'string',
    default: '',
    doc: 'what components log, e.g. isthmus.mirror.source=debug, isthmus.kafka=warn; --log-level wins',
  },
} as const satisfies LeafKeys

export interface ObserveSettings {
  /** `none` = nobody listens. */
  readonly listen: string
  readonly partitions: 'all' | 'troubled' | 'none'
  readonly partitionsMax: number
  readonly logLevels: LogLevelList['levels']
}

export const observeKeyNames: readonly string[] = Object.values(observeKeys).map(({ kafka }) => kafka)

/** Undefined after a problem. */
export function readObserveSettings(
  properties: Readonly<Record<string, string>>,
  report: Pick<Reporter, 'problem'>,
): ObserveSettings | undefined {
  const leaves = readLeaves(observeKeys, properties, ({ key, value, message }) => report.problem(key, value, message))
  if (leaves === undefined) return undefined
  const partitions = observeKeys.partitions.oneOf.find(choice => choice === leaves.partitions) ?? 'all'
  const { levels: logLevels, problems } = parseLogLevels(leaves.logLevels)
  for (const problem of problems) report.problem(observeKeys.logLevels.kafka, leaves.logLevels, problem)
  const isAddress = isNone(leaves.listen) || parseListenAddress(leaves.listen) !== undefined
  if (!isAddress) report.problem(observeKeys.listen.kafka, leaves.listen, LISTEN_ADVICE)
  return isAddress && problems.length === 0 ? { ...leaves, partitions, logLevels } : undefined
}

export const LISTEN_ADVICE = 'must be an address and a port, e.g. 127.0.0.1:8083, or none'
