import type { BenchReport, ContestantName } from './results.ts'
import { spread } from './statistics.ts'

export interface Verdict {
  readonly metric: string
  readonly workload: string
  readonly against: string
  readonly goal: string
  /** What is compared with the goal: a ratio, or MB. */
  readonly measured: number
  readonly ok: boolean
}

type Bound = 'at least' | 'at most'
type Metric = (report: BenchReport, contestant: ContestantName, workload: string) => number | undefined
type Goals = Readonly<Record<string, Partial<Record<ContestantName, number>>>>

const copies =
  (pick: (copy: BenchReport['copies'][number]) => number | undefined): Metric =>
  ({ copies }, contestant, workload) =>
    spread(
      copies
        .filter(copy => copy.contestant === contestant && copy.workload === workload)
        .map(pick)
        .filter(value => value !== undefined),
    )?.median

const throughput = copies(copy => copy.mbPerSecond)
const cpu = copies(copy => copy.cpuSecondsPerGb)
const rss = copies(copy => copy.peakRssMb)
const start = copies(copy => copy.startToFirstSeconds)
const added: Metric = ({ latencies }, contestant) =>
  spread(latencies.filter(result => result.contestant === contestant).map(result => result.addedP50))?.median

/** Isthmus' figure by the other's. */
const RATIOS: readonly { readonly metric: string; readonly of: Metric; readonly bound: Bound; readonly goals: Goals }[] = [
  {
    metric: 'throughput',
    of: throughput,
    bound: 'at least',
    goals: {
      'json-lz4': { mm2: 12, 'mm2-tuned': 7, go: 1.8, limit: 0.8 },
      'plain-1k': { mm2: 4, 'mm2-tuned': 2.5, go: 0.95, limit: 0.9 },
      'small-15k': { mm2: 4, 'mm2-tuned': 1.7, go: 0.75, limit: 0.95 },
    },
  },
  {
    metric: 'CPU-s per GB',
    of: cpu,
    bound: 'at most',
    goals: {
      'json-lz4': { mm2: 1 / 20, 'mm2-tuned': 1 / 12, go: 1 / 3 },
      'plain-1k': { mm2: 1 / 10, 'mm2-tuned': 1 / 7, go: 1.1 },
      'small-15k': { mm2: 1 / 9, 'mm2-tuned': 1 / 4, go: 1.2 },
    },
  },
  {
    metric: 'peak RSS',
    of: rss,
    bound: 'at most',
    goals: {
      'json-lz4': { mm2: 1 / 6, 'mm2-tuned': 1 / 5, go: 1 / 2 },
      'plain-1k': { mm2: 1 / 6, 'mm2-tuned': 1 / 5 },
      'small-15k': { mm2: 1 / 6, 'mm2-tuned': 1 / 5 },
    },
  },
  {
    metric: 'start to first record',
    of: start,
    bound: 'at most',
    goals: {
      'json-lz4': { mm2: 1 / 4, 'mm2-tuned': 1 / 4 },
      'plain-1k': { mm2: 1 / 4, 'mm2-tuned': 1 / 4 },
      'small-15k': { mm2: 1 / 4, 'mm2-tuned': 1 / 4 },
    },
  },
  { metric: 'added latency p50', of: added, bound: 'at most', goals: { latency: { mm2: 1 / 2 } } },
]

const MAX_RSS_MB = 256

/** Every goal for which both sides were measured. */
export const judge = (report: BenchReport): Verdict[] => {
  const verdicts: Verdict[] = []
  for (const { metric, of, bound, goals } of RATIOS) {
    for (const [workload, against] of Object.entries(goals)) {
      const ours = of(report, 'isthmus', workload)
      for (const [name, goal] of Object.entries(against)) {
        const theirs = of(report, name as ContestantName, workload)
        if (ours === undefined || theirs === undefined || theirs === 0) continue
        const measured = ours / theirs
        const ok = bound === 'at least' ? measured >= goal : measured <= goal
        verdicts.push({ metric, workload, against: name, goal: describeGoal(bound, goal), measured, ok })
      }
    }
  }
  for (const workload of new Set(report.copies.map(copy => copy.workload))) {
    const measured = rss(report, 'isthmus', workload)
    if (measured === undefined) continue
    verdicts.push({ metric: 'peak RSS', workload, against: '', goal: `≤ ${MAX_RSS_MB} MB`, measured, ok: measured <= MAX_RSS_MB })
  }
  return verdicts
}

const describeGoal = (bound: Bound, goal: number): string => {
  if (bound === 'at least') return `≥ ${goal}×`
  return goal < 1 ? `≤ 1/${Math.round(1 / goal)}` : `≤ ${goal}×`
}
