import type {
  ConnectorReport,
  FlowReport,
  GroupPosition,
  GroupReport,
  PartitionReport,
  PartitionState,
  PartitionsReport,
  StatusEvent,
  StatusHistory,
  StatusReport,
  TaskReport,
} from '../../framework/api/index.ts'

/** When reports are true, at the start of the tests. */
export const AT = Date.now()

const EVERY_MS = 5_000
const SAMPLES = 700

type FlowFields = Partial<Omit<FlowReport, 'partitions'>> & { readonly partitions?: Partial<PartitionsReport> }

export function flow(source: string, target: string, { partitions = {}, ...fields }: FlowFields = {}): FlowReport {
  return {
    name: `${source}->${target}`,
    source,
    target,
    role: 'copy',
    state: 'RUNNING',
    severity: 'ok',
    sinceMs: AT - 3 * 3_600_000,
    records: 48_210_334,
    bytes: 31_204_112_009,
    recordsPerSecond: 1_843.4,
    bytesPerSecond: 1_204_331,
    ...(fields.role === 'heartbeats'
      ? {}
      : {
          lagRecords: 84,
          lagBytes: 52_112,
          oldestAgeMs: 310,
          hopLatency: { p50Ms: 6.2, p99Ms: 41 },
          replicationLatency: { avgMs: 38, maxMs: 412 },
        }),
    ...fields,
    partitions: partitionsOf(partitions),
  }
}

function partitionsOf({ shown = [], ...fields }: Partial<PartitionsReport>): PartitionsReport {
  const byState: Partial<Record<PartitionState, number>> = {}
  for (const { state } of shown) byState[state] = (byState[state] ?? 0) + 1
  return { count: shown.length, byState, gaps: 0, gapRecords: 0, shown, omitted: 0, ...fields }
}

export function partition(name: string, fields: Partial<PartitionReport> = {}): PartitionReport {
  return {
    name,
    state: 'CAUGHT_UP',
    severity: 'ok',
    sinceMs: AT - 42 * 60_000,
    records: 1_204_331,
    bytes: 733_104_200,
    lagRecords: 0,
    gaps: 0,
    gapRecords: 0,
    retries: 0,
    ...fields,
    ...(fields.lagRecords === undefined
      ? {}
      : { lagBytes: fields.lagRecords * 600, oldestAgeMs: fields.oldestAgeMs ?? fields.lagRecords * 2 }),
  }
}

export function group(name: string, source: string, fields: Partial<GroupReport> = {}): GroupReport {
  const { low = 0, none = 0, exact = 4 } = fields
  const position = (i: number, exactness?: 'exact' | 'low'): GroupPosition => ({
    name: `${source}.orders-${i}`,
    sourceOffset: 1_204_331 + i * 1_000,
    ...(exactness === undefined ? {} : { targetOffset: 1_204_100 + i * 1_000 - (exactness === 'low' ? 250 : 0), exactness }),
  })
  const positions = Array.from({ length: exact + low + none }, (_, i) =>
    position(i, i < exact ? 'exact' : i < exact + low ? 'low' : undefined),
  )
  return { name, severity: 'ok', exact, low, none, positions, ...fields }
}

export function connector(name: string, fields: Partial<ConnectorReport> = {}): ConnectorReport {
  return {
    name,
    kind: 'source',
    state: 'RUNNING',
    severity: 'ok',
    sinceMs: AT - 10_800_000,
    restarts: 0,
    records: 48_210_334,
    bytes: 31_204_112_009,
    tasks: [],
    ...fields,
  }
}

export function task(id: string, fields: Partial<TaskReport> = {}): TaskReport {
  return {
    id,
    state: 'RUNNING',
    severity: 'ok',
    sinceMs: AT - 10_800_000,
    restarts: 0,
    lastActivityMs: AT - 200,
    lastCommitMs: AT - 7_300,
    commitFailures: 0,
    windowUsedBytes: 482_112,
    windowBytes: 33_554_432,
    recordErrors: 0,
    recordsSkipped: 0,
    ...fields,
  }
}

type EventFields = Partial<StatusEvent> & { readonly agoMs: number }

export function event(
  kind: string,
  severity: StatusEvent['severity'],
  message: string,
  { agoMs, ...fields }: EventFields,
): StatusEvent {
  return {
    kind,
    severity,
    message,
    firstMs: AT - agoMs - ((fields.count ?? 1) - 1) * 5_000,
    lastMs: AT - agoMs,
    count: 1,
    ...fields,
  }
}

/** An hour of waves, with an outage of five minutes in which nothing was known. */
export function historyOf({ flows, connectors, atMs }: StatusReport): StatusHistory {
  const at = Array.from({ length: SAMPLES }, (_, i) => atMs - (SAMPLES - i) * EVERY_MS)
  const wave = (i: number, size: number, seed: number): number | null =>
    i > 300 && i < 360
      ? null
      : Math.max(
          0,
          size * (1 + 0.3 * Math.sin(i / 90 + seed) + 0.15 * Math.sin(i / 23 + seed * 7) + 0.2 * Math.sin(i * i + seed) ** 9),
        )
  const parts = flows.length > 0 ? flows.filter(({ role }) => role === 'copy') : connectors
  const series = parts.map(({ name, lagRecords = 0, ...part }, seed) => ({
    name,
    atMs: at,
    lagRecords: at.map((_, i) => round(wave(i, i > 640 ? Math.max(60, lagRecords * ((i - 640) / 60)) : 90, seed))),
    recordsPerSecond: at.map((_, i) =>
      wave(i, 'recordsPerSecond' in part && part.recordsPerSecond > 0 ? part.recordsPerSecond : 1_800, seed),
    ),
    hopP50Ms: at.map((_, i) => (flows.length > 0 ? wave(i, 6, seed) : null)),
    hopP99Ms: at.map((_, i) => (flows.length > 0 ? wave(i, 38, seed + 1) : null)),
  }))
  return { everyMs: EVERY_MS, series }
}

const round = (value: number | null): number | null => (value === null ? null : Math.round(value))

/** `orders-0`, `orders-1`, … */
export const names = (topic: string, many: number): string[] => Array.from({ length: many }, (_, i) => `${topic}-${i}`)

export function report(fields: Partial<StatusReport>): StatusReport {
  return {
    program: 'isthmus/0.1.0',
    startedMs: AT - 3 * 86_400_000 - 4 * 3_600_000,
    atMs: AT,
    health: { state: 'UP', reasons: [] },
    clusters: [],
    flows: [],
    connectors: [],
    events: [],
    ...fields,
  }
}
