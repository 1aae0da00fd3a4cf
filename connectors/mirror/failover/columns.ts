/** Rows as lines with aligned columns, the first row the heading; columns of numbers alone are set to the right. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const [heading = [], ...body] = rows
  const layout = heading.map((_, column) => {
    const cells = body.map(row => row[column] ?? '')
    return {
      width: Math.max(...rows.map(row => (row[column] ?? '').length)),
      isNumeric: cells.every(cell => /^(\d+|-|)$/.test(cell)),
    }
  })
  return rows.map(row =>
    layout
      .map(({ width, isNumeric }, column) => {
        const cell = row[column] ?? ''
        return isNumeric ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd(),
  )
}
