import type { Table } from '../report.ts'
import type { CopyResult } from '../results.ts'
import { describeSpread, spread } from '../statistics.ts'
import type { Workload } from '../workloads.ts'
import type { Variant } from './variants.ts'

export interface Measured {
  readonly variant: string
  readonly copy: CopyResult
}

type Figure = (copy: CopyResult) => number | undefined

/** Of the second half. */
const throughput: Figure = ({ lateMbPerSecond }) => lateMbPerSecond
const cpu: Figure = ({ lateCpuSecondsPerGb }) => lateCpuSecondsPerGb
const memory: Figure = ({ peakRssMb }) => peakRssMb
const others: Figure = ({ othersCpuPercent }) => othersCpuPercent

/** None where the workload was not measured. */
export const telemetryTable = (
  { name, title, keyBytes, valueBytes }: Workload,
  variants: readonly Variant[],
  measured: readonly Measured[],
): readonly Table[] => {
  const copies = measured.filter(({ copy }) => copy.workload === name)
  if (copies.length === 0) return []
  const of = (variant: string): readonly CopyResult[] => copies.filter(each => each.variant === variant).map(({ copy }) => copy)
  const all = (variant: string, figure: Figure): string => describeSpread(spread(defined(of(variant).map(figure))))
  const perSecond: Figure = ({ lateMbPerSecond }) => (lateMbPerSecond * 1e3) / (keyBytes + valueBytes)
  const rows = variants.map(({ name: variant, title: what }) => [
    variant,
    what,
    all(variant, perSecond),
    all(variant, throughput),
    ratios(of(variant), of('off'), throughput),
    all(variant, cpu),
    ratios(of(variant), of('off'), cpu),
    all(variant, memory),
    all(variant, others),
  ])
  const head = ['', 'mirror', '1000 records/s', 'MB/s', 'to off', 'CPU-s per GB', 'to off', 'peak RSS, MB', 'others, % of CPU']
  return [{ title: `${name}: ${title}`, head, rows }]
}

/** Of each copy to the one without telemetry of the same round. */
export const ratios = (copies: readonly CopyResult[], off: readonly CopyResult[], figure: Figure): string => {
  const found = copies.map(copy => {
    const own = figure(copy)
    const base = off.find(({ round }) => round === copy.round)
    const against = base && figure(base)
    return own === undefined || against === undefined ? undefined : own / against
  })
  const summed = spread(defined(found))
  if (summed === undefined) return '–'
  return `${summed.median.toFixed(3)} (${summed.min.toFixed(2)}–${summed.max.toFixed(2)})`
}

const defined = (values: readonly (number | undefined)[]): number[] => values.filter(value => value !== undefined)
