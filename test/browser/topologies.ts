import type { FlowReport } from '../../framework/api/index.ts'
import { flow, names, partition, report } from './reports.ts'

const SITES = ['berlin', 'paris', 'madrid', 'oslo', 'rome', 'vienna', 'lisbon', 'dublin', 'athens']
const both = (a: string, b: string, back: Partial<FlowReport> = {}): FlowReport[] => [
  flow(a, b, { partitions: { shown: names('orders', 6).map(name => partition(name)) } }),
  { ...flow(b, a, { partitions: { shown: names('stock', 3).map(name => partition(name)) } }), ...back },
]

export const hub = report({
  clusters: ['central', ...SITES].map(alias => ({ alias, severity: 'ok' })),
  flows: SITES.flatMap((site, i) =>
    both(
      site,
      'central',
      i === 4 ? { state: 'RETRYING', severity: 'warning', cause: 'the leader is moving', lagRecords: 120_400 } : {},
    ),
  ),
})

export const chain = report({
  clusters: ['edge', ...SITES].map(alias => ({ alias, severity: 'ok' })),
  flows: ['edge', ...SITES].slice(0, -1).flatMap((site, i) => (i % 3 === 0 ? [flow(site, SITES[i]!)] : both(site, SITES[i]!))),
})

export const mesh = report({
  clusters: ['east', 'north', 'west'].map(alias => ({ alias, severity: 'ok' })),
  flows: [
    ...both('east', 'west'),
    ...both('west', 'north'),
    ...both('north', 'east', { state: 'FAILED', severity: 'error', cause: 'not authorized' }),
  ],
  health: { state: 'DEGRADED', reasons: ['Flow east->north is FAILED: not authorized'] },
})
