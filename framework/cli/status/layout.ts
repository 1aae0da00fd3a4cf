import type { TextStyle } from '../../api/command.ts'
import { type Alignment, columnWidths, padCells } from '../../text/columns.ts'
import { cut, widthOf } from '../../text/width.ts'

/** Where lines are shown. */
export interface View {
  /** Infinity where nothing has to fit. */
  readonly columns: number
  readonly style: (style: TextStyle, text: string) => string
}

export interface Cell {
  readonly text: string
  readonly style: TextStyle
}

export interface Row {
  /** The first is a name; empty where there is nothing to say. */
  readonly cells: readonly (string | Cell)[]
  /** A sentence behind the cells where there is room, else below them. */
  readonly tail?: string | undefined
  /** Sentences below it. */
  readonly below?: readonly string[]
}

export interface Table {
  readonly headings: readonly string[]
  readonly rows: readonly Row[]
  /** So many columns are texts, set to the left; those behind them are figures. */
  readonly texts: number
}

const GAP = '  '
const INDENT = '  '
const ROOM_FOR_TAIL = 30

/** Columns below their headings; where they do not fit, each row with its figures on lines of their own. Sentences are cut, figures never. */
export function tableLines(table: Table, view: View): string[] {
  if (table.rows.length === 0) return []
  const used = withoutEmpty(table)
  const texts = [used.headings, ...used.rows.map(({ cells }) => cells.map(textOf))]
  const width = columnWidths(texts).reduce((sum, each) => sum + each + GAP.length, -GAP.length)
  return width <= view.columns ? alignedLines(used, texts, width, view) : stackedLines(used, view)
}

/** Parts on as few lines as they fit on, those after the first indented. */
export function wrapped(parts: readonly (string | Cell)[], { columns, style }: View, first = ''): string[] {
  const lines: string[] = []
  let line = first
  let width = widthOf(first)
  let isEmpty = true
  for (const part of parts) {
    const text = textOf(part)
    if (!isEmpty && width + GAP.length + widthOf(text) > columns) {
      lines.push(line)
      line = INDENT
      width = INDENT.length
      isEmpty = true
    }
    const gap = isEmpty ? '' : GAP
    line += gap + styled(part, style)
    width += gap.length + widthOf(text)
    isEmpty = false
  }
  return isEmpty ? lines : [...lines, line]
}

export function sentence(text: string, { columns }: View): string {
  return cut(INDENT + text, columns)
}

/** What is not shown is at least counted. */
export function limited(lines: readonly string[], limit: number, view: View): string[] {
  const more = lines.length - limit
  return more <= 0 ? [...lines] : [...lines.slice(0, limit), sentence(`and ${more} more`, view)]
}

function alignedLines(
  { rows, texts: leading }: Table,
  texts: readonly (readonly string[])[],
  width: number,
  view: View,
): string[] {
  const alignment = (column: number): Alignment => (column < leading ? 'left' : 'right')
  const [head = [], ...body] = padCells(texts, alignment)
  const room = view.columns - width - GAP.length
  const lines = rows.flatMap(({ cells, tail = '', below = [] }, i) => {
    const padded = body[i]!.map((text, column) => styledPadded(text, cells[column]!, view))
    const hasRoom = tail !== '' && room >= ROOM_FOR_TAIL
    const line = [...padded, ...(hasRoom ? [cut(tail, room)] : [])].join(GAP).trimEnd()
    const sentences = tail === '' || hasRoom ? below : [tail, ...below]
    return [line, ...sentences.map(text => sentence(text, view))]
  })
  return [view.style('dim', head.join(GAP).trimEnd()), ...lines]
}

function stackedLines({ headings, rows, texts }: Table, view: View): string[] {
  const lines = rows.flatMap(({ cells, tail, below = [] }) => {
    const [name = '', ...rest] = cells
    const words = rest.slice(0, texts - 1).filter(cell => textOf(cell) !== '')
    const figures = rest.slice(texts - 1).flatMap((cell, i) => {
      const text = textOf(cell)
      return text === '' ? [] : [`${headings[texts + i]} ${text}`]
    })
    const sentences = tail === undefined || tail === '' ? below : [tail, ...below]
    return [
      ...wrapped([typeof name === 'string' ? cut(name, view.columns) : name, ...words], view),
      ...wrapped(figures, view, INDENT),
      ...sentences.map(text => sentence(text, view)),
    ]
  })
  return [view.style('dim', headings[0] ?? ''), ...lines]
}

function withoutEmpty({ headings, rows, texts }: Table): Table {
  const isUsed = headings.map((_, column) => rows.some(({ cells }) => textOf(cells[column] ?? '') !== ''))
  return {
    headings: headings.filter((_, column) => isUsed[column]),
    rows: rows.map(row => ({ ...row, cells: headings.map((_, i) => row.cells[i] ?? '').filter((_, column) => isUsed[column]) })),
    texts: isUsed.slice(0, texts).filter(each => each).length,
  }
}

function textOf(cell: string | Cell): string {
  return typeof cell === 'string' ? cell : cell.text
}

function styled(cell: string | Cell, style: View['style']): string {
  return typeof cell === 'string' ? cell : style(cell.style, cell.text)
}

/** What fills a cell up has no style. */
function styledPadded(padded: string, cell: string | Cell, { style }: View): string {
  return padded.replace(textOf(cell), () => styled(cell, style))
}
