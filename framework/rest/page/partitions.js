// Partitions by state, and those that need attention.
/** @import { PartitionReport, PartitionsReport, Severity } from '../../api/status-report.ts' */
/** @import { PartitionState } from '../../api/task-context.ts' */
/** @import { Kid } from './view.js' */
import { bytes, count, duration, plural, stateName } from './format.js'
import { table } from './table.js'
import { h } from './view.js'
import { badge, icon, lasting } from './words.js'

/** The worst first. @type {readonly (readonly [PartitionState, Severity | 'idle'])[]} */
const STATES = [
  ['FAILED', 'error'],
  ['GAP', 'warning'],
  ['RECREATED', 'warning'],
  ['RETRYING', 'warning'],
  ['STARTING', 'idle'],
  ['COPYING', 'ok'],
  ['CAUGHT_UP', 'ok'],
]
/** More of them are behind a click. */
const ROWS_SHOWN = 10

/** @typedef {{ readonly title: string, readonly name: string, readonly partitions: PartitionsReport }} PartitionsOf */

/** @param {readonly PartitionsOf[]} all @param {string} state `''` = any @param {number} now @returns {Kid[]} */
export function partitionsView(all, state, now) {
  const there = all.filter(({ partitions }) => partitions.count > 0)
  if (there.length === 0) return all.length === 0 ? [] : [h('p', { class: 'quiet', key: 'none' }, 'No partitions yet.')]
  return there.map(({ title, name, partitions }) => {
    const rows = partitions.shown.filter(partition => isWanted(partition, state))
    const troubled = rows.findIndex(row => row.severity === 'ok')
    // What needs attention is in sight; the rest of it, where it is not all there is to see, behind a click.
    const open = Math.min(
      ROWS_SHOWN,
      troubled === 0 && there.length > 1 ? 0 : troubled <= 0 || there.length === 1 ? rows.length : troubled,
    )
    return h(
      'div',
      { class: open === 0 ? 'flow calm' : 'flow', key: name },
      h('h3', {}, title, ' ', h('span', { class: 'second' }, plural(partitions.count, 'partition'))),
      bar(partitions, title),
      lossesOf(partitions),
      open > 0 && rowsTable(`Partitions of ${title}`, rows.slice(0, open), now),
      rows.length > open && more(rows.slice(open), open === 0 ? 'listed' : 'more', title, now),
      restOf(partitions, rows.length, state),
    )
  })
}

/** @param {PartitionReport} partition @param {string} state */
const isWanted = (partition, state) =>
  state === '' || partition.state === state || (state === 'trouble' && partition.severity !== 'ok')

/** @param {readonly PartitionReport[]} rows @param {string} word @param {string} title @param {number} now */
function more(rows, word, title, now) {
  const summary = h('summary', {}, `${count(rows.length)} ${word}`, h('span', { class: 'hidden' }, ` partitions of ${title}`))
  return h('details', { key: 'more' }, summary, rowsTable(`More partitions of ${title}`, rows, now))
}

/** @param {PartitionsReport} partitions @param {string} title */
function bar({ byState, count: all }, title) {
  const there = STATES.flatMap(([state, tone]) =>
    (byState[state] ?? 0) > 0 ? [{ state, tone, number: byState[state] ?? 0 }] : [],
  )
  return h(
    'div',
    { key: 'bar' },
    h(
      'div',
      { class: 'bar', 'aria-hidden': 'true' },
      there.map(({ state, number }) => h('div', { class: state.toLowerCase(), key: state, style: `flex-grow: ${number / all}` })),
    ),
    h(
      'ul',
      { class: 'legend', 'aria-label': `Partitions of ${title} by state` },
      there.map(({ state, tone, number }) =>
        h(
          'li',
          { key: state },
          h('span', { class: `swatch ${state.toLowerCase()}` }),
          tone === 'error' || tone === 'warning' ? icon(tone) : false,
          ` ${stateName(state)} `,
          h('b', {}, count(number)),
        ),
      ),
    ),
  )
}

/** @param {PartitionsReport} partitions */
function lossesOf({ gaps, gapRecords }) {
  if (gaps === 0) return undefined
  return h(
    'p',
    { class: 'quiet', key: 'losses' },
    `The source lost ${plural(gapRecords, 'record')} before ${gapRecords === 1 ? 'it was' : 'they were'} copied, ${gaps === 1 ? 'once' : `${count(gaps)} times`} since the start.`,
  )
}

/** @param {PartitionsReport} partitions @param {number} rows @param {string} state */
function restOf({ omitted }, rows, state) {
  if (rows === 0)
    return h('p', { class: 'quiet', key: 'rest' }, state === '' ? 'None is listed.' : 'None of those listed is in this state.')
  if (omitted === 0) return undefined
  return h(
    'p',
    { class: 'quiet', key: 'rest' },
    `${plural(omitted, 'other partition')} ${omitted === 1 ? 'is' : 'are'} not listed: those that need attention come first, then those that lag most.`,
  )
}

/** @param {string} caption @param {readonly PartitionReport[]} rows @param {number} now */
function rowsTable(caption, rows, now) {
  return table({
    caption,
    columns: [
      { name: 'Partition' },
      { name: 'State', kind: 'wide' },
      { name: 'Behind', kind: 'number' },
      { name: 'Oldest waits', kind: 'number', isOptional: true },
      { name: 'Copied', kind: 'number' },
      { name: 'Retries', kind: 'number', isOptional: true },
      { name: 'Lost at the source', kind: 'number', isOptional: true },
    ],
    rows: rows.map(one => ({
      key: one.name,
      tone: one.severity,
      cells: [
        one.name,
        [
          badge(one.severity, one.state),
          ' ',
          lasting(one.sinceMs, now),
          one.cause !== undefined && h('span', { class: 'second cause' }, one.cause),
        ],
        one.lagRecords === undefined
          ? '–'
          : [
              count(one.lagRecords),
              one.lagBytes !== undefined && one.lagRecords > 0 && h('span', { class: 'second' }, bytes(one.lagBytes)),
            ],
        one.lagRecords === 0 ? '–' : duration(one.oldestAgeMs),
        count(one.records),
        one.retries === 0 ? '–' : count(one.retries),
        one.gaps === 0
          ? '–'
          : [plural(one.gapRecords, 'record'), one.gaps > 1 && h('span', { class: 'second' }, `${count(one.gaps)} times`)],
      ],
    })),
  })
}
