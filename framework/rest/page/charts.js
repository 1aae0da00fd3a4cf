// Lag, throughput and latency of each flow over the last hour.
/** @import { History, Sample } from './history.js' */
/** @import { Line } from './chart.js' */
/** @import { Kid } from './view.js' */
import { chart } from './chart.js'
import { count, duration, flowName, plural, rate, short } from './format.js'
import { HOUR_MS } from './history.js'
import { table } from './table.js'
import { h } from './view.js'

/** More of them only one by one: by the choice of a flow. */
const FLOWS_SHOWN = 4
const STEP_MS = 300_000

/** @type {readonly { title: string, lines: readonly Line[], words: (value: number) => string, exact: (value: number) => string, isFilled?: boolean }[]} */
const CHARTS = [
  {
    title: 'Records behind',
    lines: [{ name: 'Records behind', figure: 'lagRecords', line: 'first' }],
    words: short,
    exact: count,
    isFilled: true,
  },
  {
    title: 'Records per second',
    lines: [{ name: 'Records per second', figure: 'recordsPerSecond', line: 'first' }],
    words: value => rate(value),
    exact: value => rate(value, value < 10 ? undefined : count),
  },
  {
    title: 'Latency, from arrival here to acknowledgement',
    lines: [
      { name: 'p50', figure: 'hopP50Ms', line: 'first' },
      { name: 'p99', figure: 'hopP99Ms', line: 'second' },
    ],
    words: duration,
    exact: duration,
  },
]

/**
 * @param {readonly string[]} names
 * @param {{ history: History, now: number, width: number, cursorMs: number | undefined, onCursor: (atMs: number | undefined) => void }} options
 * @returns {Kid[]}
 */
export function chartsView(names, options) {
  const shown = names.slice(0, FLOWS_SHOWN)
  const omitted = names.length - shown.length
  return [
    ...shown.map(name => flowCharts(name, options)),
    omitted > 0 &&
      h('p', { class: 'quiet', key: 'omitted' }, `${plural(omitted, 'more flow')}: choose one above to see its charts.`),
  ]
}

/** @param {string} name @param {Parameters<typeof chartsView>[1]} options */
function flowCharts(name, { history, now, width, cursorMs, onCursor }) {
  const samples = history.of(name)
  const first = samples[0]?.atMs ?? now
  const fromMs = Math.max(now - HOUR_MS, Math.min(first, now - STEP_MS))
  const known = CHARTS.filter(
    ({ lines }) => samples.length === 0 || lines.some(line => samples.some(sample => sample[line.figure] !== null)),
  )
  const columns = Math.min(known.length, width >= 960 ? 3 : width >= 640 ? 2 : 1)
  const each = Math.floor((width - (columns - 1) * 24) / Math.max(1, columns))
  const shared = { samples, fromMs, toMs: now, pauseMs: history.pauseMs, width: each, cursorMs, onCursor }
  return h(
    'div',
    { class: 'flow', key: name },
    h('h3', {}, flowName(name)),
    h(
      'div',
      { class: 'charts' },
      known.map(one => chart({ ...one, ...shared })),
    ),
    h(
      'details',
      {},
      h('summary', {}, 'As a table', h('span', { class: 'hidden' }, ` of ${flowName(name)}`)),
      samplesTable(name, samples, now),
    ),
  )
}

/** What was greatest in each five minutes. @param {string} name @param {readonly Sample[]} samples @param {number} now */
function samplesTable(name, samples, now) {
  const steps = Map.groupBy(
    samples.filter(sample => sample.atMs >= now - HOUR_MS),
    sample => Math.floor(sample.atMs / STEP_MS) * STEP_MS,
  )
  const most = (/** @type {readonly Sample[]} */ of, /** @type {Exclude<keyof Sample, 'atMs'>} */ figure) => {
    const values = of.map(sample => sample[figure]).filter(value => value !== null)
    return values.length === 0 ? undefined : Math.max(...values)
  }
  return table({
    caption: `${flowName(name)}: greatest values of each five minutes`,
    columns: [
      { name: 'From' },
      { name: 'Records behind', kind: 'number' },
      { name: 'Records per second', kind: 'number' },
      { name: 'p50', kind: 'number' },
      { name: 'p99', kind: 'number' },
    ],
    rows: [...steps].reverse().map(([from, of]) => ({
      key: String(from),
      cells: [
        new Date(from).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }),
        count(most(of, 'lagRecords')),
        count(most(of, 'recordsPerSecond')),
        duration(most(of, 'hopP50Ms')),
        duration(most(of, 'hopP99Ms')),
      ],
    })),
  })
}
