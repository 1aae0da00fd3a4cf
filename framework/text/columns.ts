import { widthOf } from './width.ts'

export type Alignment = 'left' | 'right'

/** The cells of each column made equally wide. */
export function padCells(
  rows: readonly (readonly string[])[],
  alignmentOf: (column: number) => Alignment,
): readonly (readonly string[])[] {
  const widths = columnWidths(rows)
  return rows.map(row =>
    widths.map((width, column) => {
      const cell = row[column] ?? ''
      const padding = ' '.repeat(width - widthOf(cell))
      return alignmentOf(column) === 'right' ? padding + cell : cell + padding
    }),
  )
}

export function columnWidths(rows: readonly (readonly string[])[]): readonly number[] {
  return rows.reduce<number[]>((widths, row) => {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))
    })
    return widths
  }, [])
}

/** Rows as lines with aligned columns, the first row the heading; columns of numbers alone are set to the right. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const isNumeric = (rows[0] ?? []).map((_, column) => rows.slice(1).every(row => /^(\d+|-|)$/.test(row[column] ?? '')))
  return padCells(rows, column => (isNumeric[column] === true ? 'right' : 'left')).map(cells => cells.join('  ').trimEnd())
}
