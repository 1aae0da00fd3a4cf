// Connectors and their tasks.
/** @import { ConnectorReport, TaskReport } from '../../api/status-report.ts' */
/** @import { Kid } from './view.js' */
import { bytes, count, duration, flowName, plural } from './format.js'
import { table } from './table.js'
import { h } from './view.js'
import { ago, badge, lasting } from './words.js'

/** @param {readonly ConnectorReport[]} connectors @param {number} now @returns {Kid[]} */
export function connectorsView(connectors, now) {
  return connectors.map(connector => {
    const { flow, name, kind, state, severity, sinceMs, restarts, records, lagRecords, tasks, error, nextStartMs } = connector
    const isTroubled = severity !== 'ok' || tasks.some(task => task.severity !== 'ok')
    return h(
      'details',
      { class: `connector ${severity}`, key: `${flow} ${name}`, open: isTroubled || connectors.length <= 3 },
      h(
        'summary',
        {},
        h('span', { class: 'name' }, name),
        ' ',
        badge(severity, state),
        ' ',
        lasting(sinceMs, now),
        ' ',
        h(
          'span',
          { class: 'second' },
          [
            flow === undefined ? undefined : flowName(flow),
            kind,
            plural(tasks.length, 'task'),
            plural(records, 'record'),
            lagRecords === undefined ? undefined : `${count(lagRecords)} behind`,
          ]
            .filter(Boolean)
            .map(part => `· ${part}`)
            .join(' '),
        ),
      ),
      restarts > 0 &&
        h(
          'p',
          { class: 'quiet', key: 'restarts' },
          `Started again by itself ${restarts === 1 ? 'once' : `${count(restarts)} times`}.`,
        ),
      nextStartMs !== undefined && h('p', { key: 'next' }, `Starts again in ${duration(Math.max(0, nextStartMs - now))}.`),
      error !== undefined &&
        h('p', { class: 'cause', key: 'error' }, h('code', {}, error.code), ' ', ago(error.atMs, now), `: ${error.message}`),
      tasks.length > 0 && tasksTable(`Tasks of ${name}${flow === undefined ? '' : ` of ${flowName(flow)}`}`, tasks, now),
    )
  })
}

/** @param {string} caption @param {readonly TaskReport[]} tasks @param {number} now */
function tasksTable(caption, tasks, now) {
  return table({
    caption,
    class: 'tasks',
    columns: [
      { name: 'Task' },
      { name: 'State', kind: 'wide' },
      { name: 'Last activity', kind: 'number' },
      { name: 'Last commit', kind: 'number' },
      { name: 'Under way', kind: 'number' },
      { name: 'Records given up', kind: 'number', isOptional: true },
      { name: 'Restarts', kind: 'number', isOptional: true },
    ],
    rows: tasks.map(task => ({ key: task.id, tone: task.severity, cells: taskCells(task, now) })),
  })
}

/** @param {TaskReport} task @param {number} now @returns {(Kid | Kid[])[]} */
function taskCells(task, now) {
  const {
    id,
    severity,
    state,
    sinceMs,
    error,
    lastActivityMs,
    lastCommitMs,
    commitFailures,
    windowUsedBytes,
    windowBytes,
    recordErrors,
    recordsSkipped,
    restarts,
  } = task
  return [
    id,
    [
      badge(severity, state),
      ' ',
      lasting(sinceMs, now),
      error !== undefined && h('span', { class: 'second cause' }, `${error.code}: ${error.message}`),
    ],
    ago(lastActivityMs, now),
    [ago(lastCommitMs, now), commitFailures > 0 && h('span', { class: 'second' }, `${plural(commitFailures, 'commit')} failed`)],
    windowBytes === 0 ? '–' : [bytes(windowUsedBytes), h('span', { class: 'second' }, `of ${bytes(windowBytes)}`)],
    recordErrors === 0
      ? '–'
      : [count(recordErrors), recordsSkipped > 0 && h('span', { class: 'second' }, `${count(recordsSkipped)} passed over`)],
    restarts === 0 ? '–' : count(restarts),
  ]
}
