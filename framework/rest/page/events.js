// What happened lately.
/** @import { StatusEvent } from '../../api/status-report.ts' */
/** @import { Kid } from './view.js' */
import { age, count, flowName, time } from './format.js'
import { table } from './table.js'
import { h } from './view.js'
import { icon } from './words.js'

/** More of them are behind a click. */
const SHOWN = 15

/** @param {readonly StatusEvent[]} events the latest first @param {'all' | 'trouble'} wanted @param {number} now @returns {Kid[]} */
export function eventsView(events, wanted, now) {
  const found = events.filter(event => wanted === 'all' || event.severity !== 'ok')
  if (found.length === 0)
    return [
      h('p', { class: 'quiet', key: 'none' }, wanted === 'all' ? 'Nothing has happened yet.' : 'Nothing has gone wrong lately.'),
    ]
  const rest = found.slice(SHOWN)
  return [
    eventsTable('Events, the latest first', found.slice(0, SHOWN), now),
    rest.length > 0 &&
      h('details', { key: 'more' }, h('summary', {}, `${count(rest.length)} earlier`), eventsTable('Earlier events', rest, now)),
  ]
}

/** @param {string} caption @param {readonly StatusEvent[]} events @param {number} now */
function eventsTable(caption, events, now) {
  return table({
    caption,
    class: 'events',
    columns: [{ name: 'When' }, { name: 'Where' }, { name: 'What', kind: 'wide' }],
    rows: events.map(event => {
      const { severity, kind, firstMs, lastMs, count: times, flow, connector, partition, code, message } = event
      const where = [flow === undefined ? undefined : flowName(flow), connector, partition].filter(Boolean).join(' · ')
      return {
        key: `${firstMs} ${kind} ${where} ${code ?? ''} ${message}`,
        tone: severity,
        cells: [
          [
            h('time', { datetime: new Date(lastMs).toISOString() }, time(lastMs, now)),
            h('span', { class: 'second' }, `${age(now - lastMs)} ago`),
          ],
          where === '' ? '–' : where,
          [
            icon(severity),
            ` ${message}`,
            code !== undefined && h('code', {}, code),
            times > 1 && h('span', { class: 'second' }, `${count(times)} times since ${time(firstMs, now)}`),
          ],
        ],
      }
    }),
  })
}
