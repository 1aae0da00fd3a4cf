// What is wrong, in sentences, the worst first.
/** @import { ClusterReport, ConnectorReport, FlowReport, Severity, StatusReport } from '../../api/status-report.ts' */
import { flowName, plural, stateName } from './format.js'
import { partitionTroubles } from './partition-troubles.js'

/**
 * `about`: whose cause it is. `marks`: a reason of the health that has all of them says the same.
 * @typedef {{ readonly key: string, readonly severity: Severity, readonly subject: string, readonly text: string, readonly about?: string | undefined,
 *   readonly cause?: string | undefined, readonly sinceMs?: number | undefined, readonly marks: readonly string[] }} Trouble
 */

const RANK = { error: 0, warning: 1, ok: 2 }

/** @param {StatusReport} report @returns {readonly Trouble[]} */
export function troublesOf(report) {
  const found = [
    ...report.clusters.filter(isTroubled).map(clusterTrouble),
    ...report.flows.flatMap(flowTroubles),
    ...report.connectors.flatMap(connectorTroubles),
  ]
  const isSaid = (/** @type {string} */ reason) => found.some(({ marks }) => marks.every(mark => reason.includes(mark)))
  /** @type {Severity} */
  const severity = report.health.state === 'DOWN' ? 'error' : 'warning'
  const others = [...new Set(report.health.reasons)]
    .filter(reason => !isSaid(reason))
    .map(reason => ({ key: `reason ${reason}`, severity, subject: '', text: reason.replaceAll('->', ' → '), marks: [] }))
  return withoutRepetition([...found, ...others].sort((a, b) => RANK[a.severity] - RANK[b.severity]))
}

/** A cause that many share is said once. @param {readonly Trouble[]} troubles */
function withoutRepetition(troubles) {
  const said = new Set()
  return troubles.map(trouble => {
    if (trouble.cause === undefined || !said.has(trouble.cause)) {
      said.add(trouble.cause)
      return trouble
    }
    return { ...trouble, about: undefined, cause: undefined }
  })
}

/** @param {{ readonly severity: Severity }} one */
const isTroubled = ({ severity }) => severity !== 'ok'

/** `retrying` for `RETRYING`. @param {string} state */
const inText = state => `is ${stateName(state).toLowerCase()}`

/** @param {ClusterReport} cluster @returns {Trouble} */
function clusterTrouble({ alias, severity, cause, sinceMs }) {
  const subject = `Cluster ${alias}`
  return { key: subject, severity, subject, text: 'is in trouble', cause, sinceMs, marks: [cause ?? subject, alias] }
}

/** @param {FlowReport} flow @returns {Trouble[]} */
function flowTroubles({ name, severity, state, cause, sinceMs, partitions, groups }) {
  const subject = `Flow ${flowName(name)}`
  const ofPartitions = partitionTroubles(partitions, subject, name)
  const isOfPartitions = state === 'RUNNING' && ofPartitions.length > 0 && (cause === undefined || /\bpartitions?\b/i.test(cause))
  const text = state === 'RUNNING' ? 'runs, but not as it should' : state === 'FAILED' ? 'has failed' : inText(state)
  const own = { key: `flow ${name}`, severity, subject, text, cause, sinceMs, marks: [name, cause ?? state] }
  return [...(severity === 'ok' || isOfPartitions ? [] : [own]), ...ofPartitions, ...groupTroubles(groups, subject, name)]
}

/** @param {FlowReport['groups']} groups @param {string} subject @param {string} name @returns {Trouble[]} */
function groupTroubles(groups, subject, name) {
  const { refused = 0, error, lastMs = 0 } = groups?.sync ?? {}
  const shared = { key: `sync ${name}`, subject: `${subject}:` }
  if (refused > 0) {
    const first = groups?.shown.find(group => group.cause !== undefined)
    const text = `${plural(refused, 'consumer group')} could not be set at the target`
    return [
      {
        ...shared,
        severity: 'error',
        text,
        about: first?.name,
        cause: first?.cause ?? error?.message,
        marks: [name, 'could not be set'],
      },
    ]
  }
  if (error === undefined || error.atMs <= lastMs) return []
  return [
    {
      ...shared,
      severity: 'warning',
      text: 'consumer groups could not be set',
      cause: error.message,
      marks: [name, error.message],
    },
  ]
}

/** @param {ConnectorReport} connector @returns {Trouble[]} */
function connectorTroubles({ flow, name, severity, state, error, sinceMs, tasks, partitions }) {
  const of = flow === undefined ? '' : ` of ${flowName(flow)}`
  const subject = `Connector ${name}${of}`
  const ofTasks = tasks.filter(isTroubled).map(task => ({
    key: `task ${flow} ${task.id}`,
    severity: task.severity,
    subject: `Task ${task.id}${of}`,
    text: `${task.state === 'FAILED' ? 'has failed' : inText(task.state)}${task.restarts > 0 ? ` after ${plural(task.restarts, 'restart')}` : ''}`,
    cause: task.error?.message,
    sinceMs: task.sinceMs,
    marks: [task.id, task.error?.message ?? task.state],
  }))
  const ofPartitions = partitions === undefined ? [] : partitionTroubles(partitions, subject, name)
  const isOfParts = error === undefined && ofTasks.length + ofPartitions.length > 0
  const text = state === 'FAILED' ? 'has failed' : state === 'RUNNING' ? 'runs, but not as it should' : inText(state)
  const own = {
    key: `connector ${flow} ${name}`,
    severity,
    subject,
    text,
    cause: error?.message,
    sinceMs,
    marks: [name, error?.message ?? state],
  }
  return [...(severity === 'ok' || isOfParts ? [] : [own]), ...ofTasks, ...ofPartitions]
}
