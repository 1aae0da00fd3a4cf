import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Table from 'cli-table3'
import { cacheFolder } from './paths.ts'
import { circumstancesOf, markdown, type Table as TableOf, tablesOf } from './report.ts'
import type { BenchReport } from './results.ts'

/** What a run has measured, to be read: tables and what they depend on. */
export interface Printout {
  readonly tables: readonly TableOf[]
  readonly facts: readonly string[]
}

export const printoutOf = (report: BenchReport): Printout => ({ tables: tablesOf(report), facts: circumstancesOf(report) })

/** For a terminal. */
export const render = ({ tables, facts }: Printout): string => {
  const texts = tables.map(({ title, head, rows }) => {
    const table = new Table({ head: [...head], style: { head: [], border: [] } })
    table.push(...rows.map(row => [...row]))
    return `${title}\n${table.toString()}`
  })
  return `${[...texts, facts.join('\n')].join('\n\n')}\n`
}

export interface SaveOptions {
  /** Of the files' names; none for the mirror's. */
  readonly prefix?: string
  /** A further place for the JSON. */
  readonly json?: string | undefined
}

/** Writes JSON and Markdown under the time of the run, and as the latest. @returns the folder */
export const save = (
  report: { readonly startedAt: string },
  { tables, facts }: Printout,
  { prefix = '', json }: SaveOptions = {},
): string => {
  mkdirSync(cacheFolder, { recursive: true })
  const name = prefix + report.startedAt.replaceAll(/[-:]|\.\d+/g, '')
  const text = `${JSON.stringify(report, null, 2)}\n`
  writeFileSync(join(cacheFolder, `${name}.json`), text)
  writeFileSync(join(cacheFolder, `${name}.md`), markdown(tables, facts))
  for (const kind of ['json', 'md'])
    copyFileSync(join(cacheFolder, `${name}.${kind}`), join(cacheFolder, `${prefix}latest.${kind}`))
  if (json !== undefined) writeFileSync(json, text)
  return cacheFolder
}
