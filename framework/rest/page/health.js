// The head of the page: how it is, and what is wrong.
/** @import { Severity, StatusReport } from '../../api/status-report.ts' */
/** @import { Trouble } from './troubles.js' */
/** @import { Kid } from './view.js' */
import { age, count, duration, plural, rate } from './format.js'
import { h } from './view.js'
import { icon, lasting, toneWord, worseOf } from './words.js'

/** More of them are behind a click. */
const TROUBLES_SHOWN = 6

/** @param {StatusReport} report @param {readonly Trouble[]} troubles */
export function overallOf(report, troubles) {
  /** @type {Severity} */
  const ofHealth = report.health.state === 'UP' ? 'ok' : report.health.state === 'DOWN' ? 'error' : 'warning'
  const severity = troubles.reduce((worst, trouble) => worseOf(worst, trouble.severity), ofHealth)
  if (report.health.state === 'DOWN') return { severity, headline: 'Down: nothing is getting through', short: 'Down' }
  if (report.flows.length + report.connectors.length === 0 && severity === 'ok') {
    return { severity: /** @type {const} */ ('idle'), headline: 'Nothing runs here yet', short: 'Nothing runs' }
  }
  if (severity === 'error') return { severity, headline: 'Works in part: somebody has to act', short: 'Needs attention' }
  if (severity === 'warning') return { severity, headline: 'Works, with trouble that should pass', short: 'Trouble' }
  return { severity, headline: 'Everything works', short: 'Works' }
}

/** @param {StatusReport} report @param {readonly Trouble[]} troubles @param {boolean} isLost no longer told: what was true may not be @returns {Kid[]} */
export function healthView(report, troubles, isLost) {
  const overall = overallOf(report, troubles)
  const severity = isLost ? 'idle' : overall.severity
  const headline = isLost
    ? `No news. Last known: ${overall.headline.charAt(0).toLowerCase()}${overall.headline.slice(1)}`
    : overall.headline
  const now = report.atMs
  const rows = troubles.map(trouble => troubleView(trouble, now))
  const rest = rows.slice(TROUBLES_SHOWN)
  return [
    h(
      'div',
      { class: `banner ${severity}`, key: 'banner' },
      icon(severity, { width: 32, height: 32 }),
      h('h1', { id: 'health-title' }, headline),
    ),
    rows.length > 0 && h('ul', { class: 'troubles', key: 'troubles' }, rows.slice(0, TROUBLES_SHOWN)),
    rest.length > 0 &&
      h('details', { key: 'more' }, h('summary', {}, `${count(rest.length)} more`), h('ul', { class: 'troubles' }, rest)),
    figures(report),
  ]
}

/** @param {Trouble} trouble @param {number} now */
function troubleView({ key, severity, subject, text, about, cause, sinceMs }, now) {
  const spoken = h('span', { class: 'hidden' }, `${toneWord(severity)}: `)
  const sentence = h('p', {}, spoken, subject !== '' && h('strong', {}, subject), ` ${text} `, lasting(sinceMs, now))
  const why = cause !== undefined && h('p', { class: 'cause' }, about !== undefined && `${about}: `, cause)
  return h('li', { key, class: severity }, icon(severity), h('div', {}, sentence, why))
}

/** The sums. @param {StatusReport} report */
function figures({ flows, connectors, startedMs, atMs }) {
  const parts = flows.length > 0 ? flows : connectors
  if (parts.length === 0)
    return h(
      'p',
      { class: 'quiet', key: 'figures' },
      `Started ${age(atMs - startedMs)} ago. Flows and connectors appear here as soon as they are set up.`,
    )
  const lags = parts.map(part => part.lagRecords).filter(lag => lag !== undefined)
  const ages = flows.map(flow => flow.oldestAgeMs).filter(oldest => oldest !== undefined)
  const partitions = parts.reduce((sum, part) => sum + (part.partitions?.count ?? 0), 0)
  const groups = flows.reduce((sum, flow) => sum + (flow.groups?.count ?? 0), 0)
  const perSecond = flows.reduce((sum, flow) => sum + flow.recordsPerSecond, 0)
  const records = parts.reduce((sum, part) => sum + part.records, 0)
  /** @type {readonly (readonly [string, string] | false)[]} */
  const all = [
    ['Records behind', lags.length === 0 ? '–' : count(lags.reduce((sum, lag) => sum + lag, 0))],
    flows.length > 0 && ['Oldest record waits', ages.length === 0 ? '–' : duration(Math.max(...ages))],
    flows.length > 0 ? ['Records copied', rate(perSecond)] : ['Records', count(records)],
    partitions > 0 && ['Partitions', count(partitions)],
    groups > 0 && ['Consumer groups', count(groups)],
    ['Running for', age(atMs - startedMs)],
  ]
  const [title] = [flows.length > 0 ? plural(flows.length, 'flow') : plural(connectors.length, 'connector')]
  return h(
    'dl',
    { class: 'figures', key: 'figures', 'aria-label': `Sums of ${title}` },
    all.filter(one => one !== false).map(([name, value]) => h('div', { key: name }, h('dt', {}, name), h('dd', {}, value))),
  )
}
