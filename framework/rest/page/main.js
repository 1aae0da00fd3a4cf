// Puts the parts together: a report comes, each part of the page is brought in step with it.
/** @import { StatusReport } from '../../api/status-report.ts' */
/** @import { Connection } from './feed.js' */
/** @import { Kid } from './view.js' */
import { chartsView } from './charts.js'
import { connectorsView } from './connectors.js'
import { eventsView } from './events.js'
import { follow } from './feed.js'
import { age, count, flowName, time } from './format.js'
import { groupsView } from './groups.js'
import { healthView, overallOf } from './health.js'
import { History } from './history.js'
import { partitionsView } from './partitions.js'
import { topologyView } from './topology.js'
import { troublesOf } from './troubles.js'
import { h, patch } from './view.js'

const history = new History()
/** @type {StatusReport | undefined} */
let report
let announced = ''
let isLost = false
/** Chosen by the reader. @type {{ flow: string, state: string, events: 'all' | 'trouble', cursorMs: number | undefined }} */
const choice = { flow: '', state: '', events: 'all', cursorMs: undefined }

/** @param {string} id */
const element = id => /** @type {HTMLElement} */ (document.getElementById(id))

/** @param {string} id @param {readonly Kid[]} kids */
function fill(id, kids) {
  const [body, section] = [element(id), element(`${id}-section`)]
  const { kids: views } = h('div', {}, kids)
  section.hidden = views.length === 0
  const link = document.querySelector(`nav a[href="#${id}-section"]`)
  if (link instanceof HTMLElement && link.parentElement !== null) link.parentElement.hidden = section.hidden
  patch(body, views)
}

/** Said once per change: a live region that spoke each second would never be silent. @param {string} text */
function announce(text) {
  if (text === announced) return
  announced = text
  element('announcement').textContent = text
}

function render() {
  if (report === undefined) return
  const { atMs: now, flows, connectors, events, program } = report
  const troubles = troublesOf(report)
  const { headline, severity, short } = overallOf(report, troubles)
  if (!isLost)
    document.title = `${severity === 'ok' ? '' : severity === 'error' ? '✕ ' : severity === 'warning' ? '▲ ' : ''}${short} · Isthmus`
  element('program').textContent = program.replace(/^isthmus\//, '').replace('/', ' ')
  element('waiting').hidden = true
  const isOf = (/** @type {string | undefined} */ flow, /** @type {string} */ connector) =>
    choice.flow === '' || choice.flow === (flows.length > 0 ? flow : connector)
  const chosen = flows.filter(flow => isOf(flow.name, ''))
  const chosenConnectors = connectors.filter(connector => isOf(connector.flow, connector.name))
  fill('health', healthView(report, troubles, isLost))
  fill('topology', flows.length + report.clusters.length > 0 ? topologyView(report, widthOf('topology')) : [])
  renderCharts()
  const partitions = [
    ...chosen
      .filter(flow => flow.role === 'copy')
      .map(flow => ({ title: flowName(flow.name), name: flow.name, partitions: flow.partitions })),
    ...chosenConnectors.flatMap(connector =>
      connector.partitions === undefined
        ? []
        : [{ title: connector.name, name: connector.name, partitions: connector.partitions }],
    ),
  ]
  fill('partitions', partitionsView(partitions, choice.state, now))
  fill('groups', groupsView(chosen, now))
  fill('connectors', connectorsView(chosenConnectors, now))
  fill(
    'events',
    eventsView(
      events.filter(event => isOf(event.flow, event.connector ?? '')),
      choice.events,
      now,
    ),
  )
  flowChoices()
  if (!isLost) announce(`${headline}${troubles.length === 0 ? '' : `. ${count(troubles.length)} to look at`}`)
}

function renderCharts() {
  if (report === undefined) return
  const names =
    report.flows.length > 0
      ? report.flows.filter(flow => flow.role === 'copy').map(flow => flow.name)
      : report.connectors.map(connector => connector.name)
  const shown = names.filter(name => choice.flow === '' || choice.flow === name)
  const onCursor = (/** @type {number | undefined} */ atMs) => {
    choice.cursorMs = atMs
    renderCharts()
  }
  fill('charts', chartsView(shown, { history, now: report.atMs, width: widthOf('charts'), cursorMs: choice.cursorMs, onCursor }))
}

function flowChoices() {
  if (report === undefined) return
  const names = (report.flows.length > 0 ? report.flows : report.connectors).map(({ name }) => name).sort()
  if (choice.flow !== '' && !names.includes(choice.flow)) choice.flow = ''
  element('flow-choice').hidden = names.length < 2
  element('flow-label').textContent = report.flows.length > 0 ? 'Flow' : 'Connector'
  const options = [
    h('option', { value: '', key: '' }, 'All'),
    ...names.map(name => h('option', { value: name, key: name }, flowName(name))),
  ]
  patch(element('flow'), options)
}

/** A section that is hidden has no width: that of the page's. @param {string} id */
const widthOf = id => Math.floor(element(id).clientWidth || element('health').clientWidth)

/** @param {Connection} connection */
function showConnection({ isLive, quietMs }) {
  const text = isLive ? 'Live' : report === undefined ? 'Connecting …' : `No news for ${age(quietMs)}`
  element('connection').className = isLive ? 'live' : report === undefined ? 'connecting' : 'lost'
  element('connection-text').textContent = text
  const wasLost = isLost
  isLost = !isLive && report !== undefined
  if (isLost !== wasLost) render()
  document.body.classList.toggle('stale', isLost)
  element('lost').hidden = !isLost
  if (report === undefined || !isLost) return
  element('lost-text').textContent =
    `No news for ${age(quietMs)}. What is shown is of ${time(report.atMs, report.atMs)}; trying to connect again.`
  document.title = '? No news · Isthmus'
  announce('The connection is lost. Trying to connect again.')
}

/** @param {string} id @param {(value: string) => void} choose */
function onChoice(id, choose) {
  element(id).addEventListener('change', event => {
    choose(/** @type {HTMLSelectElement} */ (event.target).value)
    render()
  })
}

onChoice('flow', value => {
  choice.flow = value
})
onChoice('partition-state', value => {
  choice.state = value
})
onChoice('event-choice', value => {
  choice.events = value === 'trouble' ? 'trouble' : 'all'
})
let width = 0
new ResizeObserver(() => {
  if (element('main').clientWidth === width) return
  width = element('main').clientWidth
  render()
}).observe(element('main'))
follow({
  onReport(latest) {
    report = latest
    history.add(latest)
    render()
  },
  onHistory(past) {
    history.load(past)
    renderCharts()
  },
  onConnection: showConnection,
})
