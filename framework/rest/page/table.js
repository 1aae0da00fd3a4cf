/** @import { Kid } from './view.js' */
import { h } from './view.js'

/**
 * @typedef {{ readonly name: string, readonly kind?: 'number' | 'wide', readonly isOptional?: boolean }} Column optional: left out where no row has it
 * @typedef {{ readonly key: string, readonly tone?: string, readonly cells: readonly (Kid | readonly Kid[])[] }} Row
 */

/**
 * A table whose rows become cards on a narrow screen. Roles are written out, since browsers forget them with the layout.
 * The first column is what the row is about.
 * @param {{ caption: string, columns: readonly Column[], rows: readonly Row[], isCaptionShown?: boolean, class?: string }} options
 */
export function table({ caption, columns: all, rows, isCaptionShown = false, class: name = '' }) {
  const columns = all
    .map((column, index) => ({ ...column, index }))
    .filter(({ isOptional, index }) => !isOptional || !rows.every(row => isEmpty(kidsOf(row.cells[index]))))
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
      rows.map(row =>
        h(
          'tr',
          { role: 'row', key: row.key, class: row.tone },
          columns.map(column => cellView(column, kidsOf(row.cells[column.index]))),
        ),
      ),
    ),
  )
}

/** @param {Column & { readonly index: number }} column @param {readonly Kid[]} kids */
function cellView({ name, kind, index }, kids) {
  if (index === 0) return h('th', { role: 'rowheader', scope: 'row', class: kind, key: 0 }, kids)
  const classes = [kind, isEmpty(kids) ? 'empty' : undefined].filter(Boolean).join(' ')
  // One child of its own: beside the label that narrow screens show.
  return h('td', { role: 'cell', class: classes || undefined, 'data-label': name, key: index }, h('div', { key: 'value' }, kids))
}

/** @param {Kid | readonly Kid[]} cell @returns {readonly Kid[]} */
const kidsOf = cell => (Array.isArray(cell) ? cell : [/** @type {Kid} */ (cell)])

/** @param {readonly Kid[]} kids */
const isEmpty = kids => kids.every(kid => kid === undefined || kid === '' || kid === '–' || kid === false)
