import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Table from 'cli-table3'
import { cacheFolder } from './paths.ts'
import { circumstancesOf, markdownOf, tablesOf } from './report.ts'
import type { BenchReport } from './results.ts'

/** For a terminal. */
export const render = (report: BenchReport): string => {
  const tables = tablesOf(report).map(({ title, head, rows }) => {
    const table = new Table({ head: [...head], style: { head: [], border: [] } })
    table.push(...rows.map(row => [...row]))
    return `${title}\n${table.toString()}`
  })
  return `${[...tables, circumstancesOf(report).join('\n')].join('\n\n')}\n`
}

/** Writes JSON and Markdown under the time of the run, as the latest, and where `json` says. @returns the folder */
export const save = (report: BenchReport, json?: string): string => {
  mkdirSync(cacheFolder, { recursive: true })
  const name = report.startedAt.replaceAll(/[-:]|\.\d+/g, '')
  const text = `${JSON.stringify(report, null, 2)}\n`
  writeFileSync(join(cacheFolder, `${name}.json`), text)
  writeFileSync(join(cacheFolder, `${name}.md`), markdownOf(report))
  for (const kind of ['json', 'md']) copyFileSync(join(cacheFolder, `${name}.${kind}`), join(cacheFolder, `latest.${kind}`))
  if (json !== undefined) writeFileSync(json, text)
  return cacheFolder
}
