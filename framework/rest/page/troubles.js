// What is wrong, in sentences, the worst first.
/** @import { ConnectorReport, FlowReport, PartitionsReport, Severity, StatusReport } from '../../api/status-report.ts' */
import { flowName, plural, stateName } from './format.js'

/**
 * @typedef {{ readonly key: string, readonly severity: Severity, readonly subject: string, readonly text: string, readonly sinceMs?: number | undefined,
 *   readonly marks: readonly string[] }} Trouble `marks`: a reason of the health that has all of them says the same
 */

/** @param {StatusReport} report @returns {readonly Trouble[]} */
export function troublesOf(report) {
  const found = [
    ...report.clusters.filter(isTroubled).map(clusterTrouble),
    ...report.flows.flatMap(troublesOfFlow),
    ...report.connectors.flatMap(troublesOfConnector),
  ]
  const said = report.health.reasons.filter(reason => !found.some(({ marks }) => marks.length > 0 && marks.every(mark => reason.includes(mark))))
  /** @type {Severity} */
  const severity = report.health.state === 'UP' ? 'warning' : 'error'
  const others = [...new Set(said)].map(reason => ({ key: `reason ${reason}`, severity, subject: '', text: reason.replaceAll('->', ' → '), marks: [] }))
  const rank = { error: 0, warning: 1, ok: 2 }
  return [...found, ...others].sort((a, b) => rank[a.severity] - rank[b.severity])
}

/** @param {{ readonly severity: Severity }} one */
const isTroubled = ({ severity }) => severity !== 'ok'

/** @param {StatusReport['clusters'][number]} cluster @returns {Trouble} */
function clusterTrouble({ alias, severity, cause, sinceMs }) {
  return { key: `cluster ${alias}`, severity, subject: `Cluster ${alias}`, text: cause ?? 'is in trouble', sinceMs, marks: cause === undefined ? [] : [cause, alias] }
}

/** @param {FlowReport} flow @returns {Trouble[]} */
function troublesOfFlow(flow) {
  const { name, severity, state, cause, sinceMs, partitions, groups } = flow
  const subject = `Flow ${flowName(name)}`
  /** @type {Trouble[]} */
  const found = []
  const ofPartitions = troublesOfPartitions(partitions, subject, name)
  if (severity !== 'ok' && (cause !== undefined || state !== 'RUNNING' || ofPartitions.length === 0)) {
    const text = state === 'RUNNING' ? `runs, but ${cause ?? 'something of it does not work'}` : `${stateName(state).toLowerCase()}${cause === undefined ? '' : `: ${cause}`}`
    found.push({ key: `flow ${name}`, severity, subject, text, sinceMs, marks: cause === undefined ? [name, state] : [name, cause] })
  }
  found.push(...ofPartitions)
  const sync = groups?.sync
  if (sync !== undefined && sync.refused > 0) {
    const first = groups?.shown.find(group => group.cause !== undefined)
    const why = first === undefined ? (sync.error?.message ?? '') : `${first.name}: ${first.cause}`
    const text = `${plural(sync.refused, 'group')} could not be set at the target${why === '' ? '' : `. ${why}`}`
    found.push({ key: `sync ${name}`, severity: 'error', subject, text, marks: [name, 'could not be set'] })
  } else if (sync?.error !== undefined && sync.lastMs !== undefined && sync.error.atMs > sync.lastMs) {
    found.push({ key: `sync ${name}`, severity: 'warning', subject, text: `groups cannot be set: ${sync.error.message}`, marks: [name, sync.error.message] })
  }
  return found
}

/** @param {PartitionsReport} partitions @param {string} subject @param {string} name @returns {Trouble[]} */
function troublesOfPartitions({ byState, shown }, subject, name) {
  /** @type {readonly { state: keyof typeof byState, severity: Severity, one: string, many: string, marks: readonly string[] }[]} */
  const kinds = [
    { state: 'FAILED', severity: 'error', one: 'partition has failed and is not copied', many: 'partitions have failed and are not copied', marks: ['FAILED', 'partitions'] },
    { state: 'RETRYING', severity: 'warning', one: 'partition makes no progress', many: 'partitions make no progress', marks: ['make no progress'] },
    { state: 'GAP', severity: 'warning', one: 'partition lost records at the source before they were copied', many: 'partitions lost records at the source before they were copied', marks: [] },
    { state: 'RECREATED', severity: 'warning', one: 'partition is of a topic that was created again', many: 'partitions are of topics that were created again', marks: [] },
  ]
  return kinds.flatMap(({ state, severity, one, many, marks }) => {
    const number = byState[state] ?? 0
    if (number === 0) return []
    const first = shown.find(partition => partition.state === state && partition.cause !== undefined)
    const why = first === undefined ? '' : `. ${first.name}: ${first.cause}`
    return [{ key: `${state} ${name}`, severity, subject, text: `${plural(number, one, many)}${why}`, sinceMs: first?.sinceMs, marks: marks.length === 0 ? [] : [name, ...marks] }]
  })
}

/** @param {ConnectorReport} connector @returns {Trouble[]} */
function troublesOfConnector(connector) {
  const { flow, name, severity, state, error, sinceMs, tasks, partitions } = connector
  const subject = `Connector ${name}${flow === undefined ? '' : ` of ${flowName(flow)}`}`
  const ofTasks = tasks.filter(isTroubled).map(task => ({
    key: `task ${flow} ${task.id}`,
    severity: task.severity,
    subject: `Task ${task.id}`,
    text: `${stateName(task.state).toLowerCase()}${task.restarts > 0 ? ` after ${plural(task.restarts, 'restart')}` : ''}${task.error === undefined ? '' : `: ${task.error.message}`}`,
    sinceMs: task.sinceMs,
    marks: [task.id, task.error?.message ?? task.state],
  }))
  const ofPartitions = partitions === undefined ? [] : troublesOfPartitions(partitions, subject, name)
  const isOwn = severity !== 'ok' && (error !== undefined || ofTasks.length + ofPartitions.length === 0)
  const text = `${stateName(state).toLowerCase()}${error === undefined ? '' : `: ${error.message}`}`
  const own = isOwn ? [{ key: `connector ${flow} ${name}`, severity, subject, text, sinceMs, marks: [name, error?.message ?? state] }] : []
  return [...own, ...ofTasks, ...ofPartitions]
}
