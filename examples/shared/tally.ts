import { styleText } from 'node:util'
import Table from 'cli-table3'

/** What a group should have read, and has. Numbers of orders. */
export interface Tally {
  readonly who: string
  readonly written: number
  readonly once: number
  readonly twice: number
  readonly missing: number
  /** Read, but written by nobody. */
  readonly unknown: number
}

export function tally(who: string, written: readonly string[], read: readonly string[]): Tally {
  const times = new Map<string, number>(written.map(order => [order, 0]))
  let unknown = 0
  for (const order of read) {
    const before = times.get(order)
    if (before === undefined) unknown++
    else times.set(order, before + 1)
  }
  const counts = [...times.values()]
  const having = (isSo: (count: number) => boolean): number => counts.filter(isSo).length
  return {
    who,
    written: written.length,
    once: having(count => count === 1),
    twice: having(count => count > 1),
    missing: having(count => count === 0),
    unknown,
  }
}

/** Each order exactly once, and nothing else. */
export const isExact = ({ written, once, unknown }: Tally): boolean => once === written && unknown === 0

export function tallyTable(tallies: readonly Tally[]): string {
  const table = new Table({
    head: ['', 'written', 'read once', 'twice', 'missing', 'unknown', ''],
    colAligns: ['left', ...Array.from({ length: 5 }, () => 'right' as const), 'left'],
    style: { head: [], border: [], compact: true },
  })
  for (const each of tallies) {
    const figures = [each.written, each.once, each.twice, each.missing, each.unknown]
    const verdict = isExact(each) ? styleText('green', 'exact') : styleText('red', 'NOT EXACT')
    table.push([each.who, ...figures.map(n => n.toLocaleString('en-US')), verdict])
  }
  return table.toString()
}
