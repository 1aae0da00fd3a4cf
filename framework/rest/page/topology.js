// Clusters and flows: a drawing, and the same as a table.
/** @import { FlowReport, StatusReport } from '../../api/status-report.ts' */
/** @import { Arrow, NodeBox } from './topology-layout.js' */
/** @import { Kid } from './view.js' */
import { bytes, count, duration, flowName, plural, rate, short, stateName, tight } from './format.js'
import { componentsOf } from './graph.js'
import { table } from './table.js'
import { LETTER, LINE, layout, NARROW, SMALLEST_NODE } from './topology-layout.js'
import { h } from './view.js'
import { badge, icon, lasting, toneOf } from './words.js'

/** @param {StatusReport} report @param {number} width pixels there are @returns {Kid[]} */
export function topologyView({ clusters, flows, atMs }, width) {
  const { nodes, arrows, height } = layout(
    componentsOf(
      clusters.map(cluster => cluster.alias),
      flows,
    ),
    width,
  )
  const drawing = h(
    'svg',
    {
      class: 'topology',
      key: 'drawing',
      viewBox: `0 0 ${width} ${Math.ceil(height)}`,
      width,
      height: Math.ceil(height),
      role: 'img',
      'aria-labelledby': 'drawing-title',
    },
    h(
      'title',
      { id: 'drawing-title', key: 'title' },
      `${plural(new Set(nodes.map(node => node.id)).size, 'cluster')} and ${plural(flows.length, 'flow')}; the tables below say the same`,
    ),
    arrows.map(arrow => arrowView(arrow, width)),
    nodes.map((node, i) => nodeView(node, i, clusters)),
  )
  return [drawing, flowsTable(flows, atMs), clusters.some(cluster => cluster.severity !== 'ok') && clustersTable(clusters, atMs)]
}

/** @param {NodeBox} box @param {number} index @param {StatusReport['clusters']} clusters */
function nodeView({ id, x, y, width, height }, index, clusters) {
  const severity = clusters.find(cluster => cluster.alias === id)?.severity ?? 'ok'
  // Where there is little room, the name is below the icon.
  const isSmall = width <= SMALLEST_NODE
  const letters = Math.floor((width - (isSmall ? 8 : 38)) / LETTER)
  const name = id.length > letters ? `${id.slice(0, letters - 1)}…` : id
  const middle = y + height / 2
  const start = x + width / 2 - (isSmall ? 8 : (name.length * LETTER + 22) / 2)
  const place = isSmall ? { x: x + width / 2, y: middle + 11, 'text-anchor': 'middle' } : { x: start + 22, y: middle }
  return h(
    'g',
    { class: `node ${severity}`, key: `node ${index} ${id}` },
    h('title', {}, id),
    h('rect', { x, y, width, height, rx: 8 }),
    icon(severity, { x: start, y: middle - (isSmall ? 19 : 8) }),
    h('text', { ...place, 'dominant-baseline': 'central' }, name),
  )
}

/** @param {Arrow} arrow @param {number} width of the drawing */
function arrowView({ flow, from, to, label }, width) {
  const tone = toneOf(flow.severity, flow.state)
  const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI
  const kind = flow.role === 'heartbeats' ? 'heartbeats' : 'copy'
  const texts = label.lines === 1 ? [wordsOf(flow, short).join(' · ')] : wordsOf(flow, width < NARROW ? tight : short)
  return h(
    'g',
    { class: `arrow ${tone} ${kind}${width < NARROW ? ' small' : ''}`, key: `arrow ${flow.name}` },
    h('title', {}, `${flowName(flow.name)}: ${wordsOf(flow, short).join(', ')}`),
    h('line', { x1: round(from.x), y1: round(from.y), x2: round(to.x), y2: round(to.y) }),
    h('path', {
      class: 'head',
      d: 'M0 0-11-5.5v11Z',
      transform: `translate(${round(to.x)} ${round(to.y)}) rotate(${round(angle)})`,
    }),
    texts.map((text, i) =>
      h(
        'text',
        {
          key: i,
          x: round(label.x),
          y: round(label.y + i * LINE),
          'text-anchor': label.anchor,
          'dominant-baseline': 'central',
          class: i === 0 ? 'state' : 'numbers',
        },
        text,
      ),
    ),
  )
}

const round = (/** @type {number} */ value) => Math.round(value * 10) / 10

const SIGNS = { ok: '', idle: '', warning: '▲ ', error: '✕ ' }

/** State; then lag and rate. @param {FlowReport} flow @param {(value: number) => string} number */
function wordsOf(flow, number) {
  const state = `${SIGNS[toneOf(flow.severity, flow.state)]}${stateName(flow.state)}`
  if (flow.role === 'heartbeats') return [state, 'heartbeats only']
  const lag = flow.lagRecords === undefined ? undefined : flow.lagRecords === 0 ? 'no lag' : `${number(flow.lagRecords)} behind`
  return [state, [lag, rate(flow.recordsPerSecond, number)].filter(Boolean).join(' · ')]
}

/** @param {readonly FlowReport[]} flows @param {number} now */
function flowsTable(flows, now) {
  return table({
    caption: 'Flows: state, lag, throughput and latency',
    class: 'flows',
    columns: [
      { name: 'Flow' },
      { name: 'State', kind: 'wide' },
      { name: 'Behind', kind: 'number' },
      { name: 'Oldest waits', kind: 'number', isOptional: true },
      { name: 'Throughput', kind: 'number' },
      { name: 'Latency p50 / p99', kind: 'number', isOptional: true },
      { name: 'End to end, mean / max', kind: 'number', isOptional: true },
      { name: 'Copied', kind: 'number' },
    ],
    rows: flows.map(flow => ({ key: flow.name, tone: flow.severity, cells: flowCells(flow, now) })),
  })
}

/** @param {FlowReport} flow @param {number} now @returns {(Kid | Kid[])[]} */
function flowCells(flow, now) {
  const { hopLatency: hop, replicationLatency: whole } = flow
  const isCopy = flow.role === 'copy'
  return [
    [flowName(flow.name), !isCopy && h('span', { class: 'second' }, 'heartbeats only')],
    [
      badge(flow.severity, flow.state),
      ' ',
      lasting(flow.sinceMs, now),
      flow.cause !== undefined && h('span', { class: 'second cause' }, flow.cause),
    ],
    flow.lagRecords === undefined
      ? '–'
      : [
          count(flow.lagRecords),
          flow.lagBytes !== undefined && flow.lagRecords > 0 && h('span', { class: 'second' }, bytes(flow.lagBytes)),
        ],
    flow.lagRecords === 0 ? '–' : duration(flow.oldestAgeMs),
    isCopy ? [rate(flow.recordsPerSecond), h('span', { class: 'second' }, `${bytes(flow.bytesPerSecond)}/s`)] : '–',
    hop === undefined ? '–' : `${duration(hop.p50Ms)} / ${duration(hop.p99Ms)}`,
    whole === undefined ? '–' : `${duration(whole.avgMs)} / ${duration(whole.maxMs)}`,
    isCopy ? [count(flow.records), h('span', { class: 'second' }, bytes(flow.bytes))] : '–',
  ]
}

/** @param {StatusReport['clusters']} clusters @param {number} now */
function clustersTable(clusters, now) {
  return table({
    caption: 'Clusters',
    isCaptionShown: true,
    columns: [{ name: 'Cluster' }, { name: 'State' }, { name: 'Cause', kind: 'wide' }],
    rows: clusters.map(({ alias, severity, cause, sinceMs }) => ({
      key: alias,
      tone: severity,
      cells: [
        alias,
        [icon(severity), severity === 'ok' ? ' Answers' : ' In trouble ', severity !== 'ok' && lasting(sinceMs, now)],
        cause ?? '–',
      ],
    })),
  })
}
