// Consumer groups of the source, and where they would go on at the target.
/** @import { FlowReport, GroupReport, GroupSyncReport } from '../../api/status-report.ts' */
/** @import { Kid } from './view.js' */
import { count, flowName, plural } from './format.js'
import { table } from './table.js'
import { h } from './view.js'
import { ago, icon } from './words.js'

/** More of them are behind a click, unless they need attention. */
const GROUPS_SHOWN = 5

/** @param {readonly FlowReport[]} flows @param {number} now @returns {Kid[]} */
export function groupsView(flows, now) {
  return flows.flatMap(({ name, source, target, groups }) => {
    if (groups === undefined) return []
    const { exact, low, none, sync, shown, omitted } = groups
    const open = Math.max(GROUPS_SHOWN, shown.findLastIndex(group => group.severity !== 'ok') + 1)
    return h(
      'div',
      { class: 'flow', key: name },
      h('h3', {}, flowName(name), ' ', h('span', { class: 'second' }, plural(groups.count, 'group'))),
      groups.count === 0
        ? h('p', { class: 'quiet' }, `No consumer groups of ${source} to translate yet.`)
        : h('p', { key: 'sums' }, `If the groups of ${source} moved to ${target} now: `, sumsOf({ exact, low, none }), '.'),
      sync !== undefined && syncView(sync, shown, target, now),
      shown.slice(0, open).map(group => groupView(group, source, target)),
      shown.length > open &&
        h(
          'details',
          { key: 'more' },
          h('summary', {}, `${count(shown.length - open)} more`, h('span', { class: 'hidden' }, ` groups of ${flowName(name)}`)),
          shown.slice(open).map(group => groupView(group, source, target)),
        ),
      omitted > 0 &&
        h(
          'p',
          { class: 'quiet', key: 'omitted' },
          `${plural(omitted, 'other group')} not listed: those that need attention come first.`,
        ),
    )
  })
}

/** @param {{ readonly exact: number, readonly low: number, readonly none: number }} of */
function sumsOf({ exact, low, none }) {
  return [
    `${plural(exact, 'offset')} exact`,
    low > 0 && `${count(low)} lower than that (some records are read again, none is lost)`,
    none > 0 && `${count(none)} not translated yet`,
  ]
    .filter(Boolean)
    .join(', ')
}

/** @param {GroupSyncReport} sync @param {readonly GroupReport[]} shown @param {string} target @param {number} now */
function syncView({ lastMs, refused, error }, shown, target, now) {
  const set =
    lastMs === undefined
      ? [`Groups of ${target} have not been set yet.`]
      : [`Groups of ${target} were last set `, ago(lastMs, now), '.']
  const last =
    error === undefined || shown.some(group => group.cause === error.message)
      ? []
      : [' Last error ', ago(error.atMs, now), `: ${error.message}`]
  const refusal = h('strong', { class: 'error' }, icon('error'), ` ${plural(refused, 'group')} could not be set at ${target}. `)
  return h('p', { key: 'sync', class: 'quiet' }, refused > 0 && refusal, set, last)
}

/** @param {GroupReport} group @param {string} source @param {string} target */
function groupView(group, source, target) {
  const { name, severity, cause, positions, exact, low, none } = group
  const parts = [exact > 0 && `${count(exact)} exact`, low > 0 && `${count(low)} low`, none > 0 && `${count(none)} not yet`]
    .filter(Boolean)
    .join(' · ')
  return h(
    'details',
    { class: `group ${severity}`, key: `group ${name}`, open: severity !== 'ok' },
    h('summary', {}, icon(severity), ' ', h('span', { class: 'name' }, name), ' ', h('span', { class: 'second' }, parts)),
    cause !== undefined && h('p', { class: 'cause', key: 'cause' }, cause),
    positions.length > 0 && positionsTable(group, source, target),
  )
}

/** @param {GroupReport} group @param {string} source @param {string} target */
function positionsTable({ name, positions, exact, low, none }, source, target) {
  const omitted = exact + low + none - positions.length
  return h(
    'div',
    { key: 'positions' },
    table({
      caption: `Where ${name} would go on at ${target}`,
      columns: [
        { name: `Partition at ${target}` },
        { name: `Committed at ${source}`, kind: 'number' },
        { name: `Goes on at ${target}`, kind: 'number' },
        { name: 'Exactness' },
      ],
      rows: positions.map(({ name: partition, sourceOffset, targetOffset, exactness }) => ({
        key: partition,
        cells: [
          partition,
          count(sourceOffset),
          count(targetOffset),
          targetOffset === undefined
            ? [icon('idle'), ' Not translated yet']
            : exactness === 'low'
              ? [icon('warning'), ' Low: reads some again']
              : [icon('ok'), ' Exact'],
        ],
      })),
    }),
    omitted > 0 && h('p', { class: 'quiet', key: 'omitted' }, `${plural(omitted, 'other partition')} not listed.`),
  )
}
