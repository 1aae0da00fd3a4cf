/** @import { Kid } from './view.js' */
import { h } from './view.js'

/**
 * @typedef {{ readonly name: string, readonly kind?: 'number' | 'wide' }} Column
 * @typedef {{ readonly key: string, readonly tone?: string, readonly cells: readonly (Kid | readonly Kid[])[] }} Row
 */

/**
 * A table whose rows become cards on a narrow screen. Roles are written out, since browsers forget them with the layout.
 * The first column is what the row is about.
 * @param {{ caption: string, columns: readonly Column[], rows: readonly Row[], isCaptionShown?: boolean, class?: string }} options
 */
export function table({ caption, columns, rows, isCaptionShown = false, class: name = '' }) {
  return h(
    'table',
    { role: 'table', class: `cards ${name}`, key: caption },
    h('caption', { class: isCaptionShown ? 'caption' : 'hidden' }, caption),
    h(
      'thead',
      { role: 'rowgroup' },
      h(
        'tr',
        { role: 'row' },
        columns.map(column => h('th', { role: 'columnheader', scope: 'col', class: column.kind, key: column.name }, column.name)),
      ),
    ),
    h(
      'tbody',
      { role: 'rowgroup' },
      rows.map(row => h('tr', { role: 'row', key: row.key, class: row.tone }, row.cells.map((cell, i) => cellView(columns, cell, i)))),
    ),
  )
}

/** @param {readonly Column[]} columns @param {Kid | readonly Kid[]} cell @param {number} index */
function cellView(columns, cell, index) {
  const column = columns[index]
  /** @type {readonly Kid[]} */
  const kids = Array.isArray(cell) ? cell : [/** @type {Kid} */ (cell)]
  if (index === 0) return h('th', { role: 'rowheader', scope: 'row', class: column?.kind, key: 0 }, kids)
  const isEmpty = kids.every(kid => kid === undefined || kid === '' || kid === '–' || kid === false)
  const kind = [column?.kind, isEmpty ? 'empty' : undefined].filter(Boolean).join(' ')
  // One child of its own: beside the label that narrow screens show.
  return h('td', { role: 'cell', class: kind || undefined, 'data-label': column?.name, key: index }, h('div', { key: 'value' }, kids))
}
