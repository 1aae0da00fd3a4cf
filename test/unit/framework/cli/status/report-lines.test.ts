import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { stripVTControlCharacters, styleText } from 'node:util'
import type { TextStyle } from '../../../../../framework/api/command.ts'
import type { StatusReport } from '../../../../../framework/api/status-report.ts'
import { reportLines } from '../../../../../framework/cli/status/report-lines.ts'
import { widthOf } from '../../../../../framework/text/width.ts'
import { exampleReport } from './example-report.ts'
import { connector, flow, partition, report, task, troubledReport } from './reports.ts'

const ADDRESS = 'http://127.0.0.1:8083'
const shown = { partitions: 10, events: 5, all: false }

function lines(of: StatusReport, columns = Number.POSITIVE_INFINITY, changes: Partial<typeof shown> = {}): string[] {
  const style = (_: TextStyle, text: string): string => text
  return reportLines(of, ADDRESS, { ...shown, ...changes }, { columns, style })
}

test('a mirror that does its work is two lines and a heading', () => {
  assert.deepEqual(lines(report(), 100), [
    'UP  isthmus/0.1.0  http://127.0.0.1:8083  up 3 h 12 min  at 12:03:04Z',
    '',
    'FLOW             STATE           FOR  PARTITIONS        LAG     OLDEST   REC/S   MB/S  HOP P50/P99',
    'primary->backup  RUNNING  3 h 12 min          12  1,234,567  1 min 3 s  98,765  123.5    2.9/41 ms',
  ])
})

test('the example of the README is what the program prints', () => {
  const readme = readFileSync(new URL('../../../../../README.md', import.meta.url), 'utf8')
  const [, example] = /\n\$ npx isthmus status\n([\s\S]*?)\n```/.exec(readme) ?? []
  assert.equal(example, lines(exampleReport(), 110).join('\n'))
})

test('what is wrong is shown in full on a pipe, the worst first', () => {
  const tooLarge = 'offset 4711 has 2,000,000 bytes, max.message.bytes of the target is 1,048,588: raise it'
  assert.deepEqual(lines(troubledReport()), [
    'DEGRADED  isthmus/0.1.0  http://127.0.0.1:8083  up 3 h 12 min  at 12:03:04Z',
    '  Flow primary->backup: 1 partition makes no progress, first: primary-2:9092 closed the connection',
    '  Flow backup->primary is RETRYING: no broker of primary answers',
    '',
    'CLUSTER  STATE              FOR',
    'primary  IN TROUBLE  1 min 30 s  no broker answers',
    '',
    'FLOW             STATE            FOR  PARTITIONS        LAG     OLDEST   REC/S   MB/S  HOP P50/P99  GAPS (RECORDS)',
    'primary->backup  RUNNING   3 h 12 min          12  1,234,567  1 min 3 s  98,765  123.5    2.9/41 ms      1 (30,000)',
    '  2 of 12 partitions do not go on',
    '  partitions: 1 RETRYING, 1 FAILED, 1 GAP',
    'backup->primary  RETRYING  1 min 30 s',
    '  no broker of primary answers',
    '  heartbeats only',
    '',
    'PARTITION   OF               STATE           FOR        LAG     OLDEST  GAPS (RECORDS)  RETRIES',
    `orders-7    primary->backup  FAILED    5 min 0 s  1,200,000  5 min 1 s                        1  ${tooLarge}`,
    'payments-0  primary->backup  GAP       5 min 0 s     30,176        0 s      1 (30,000)           offsets 100 to 30099 were gone before they were copied',
    'orders-3    primary->backup  RETRYING       12 s      4,321       12 s                        3  primary-2:9092 closed the connection',
    'payments-1  primary->backup  COPYING   5 min 0 s         70          -',
    '',
    'GROUPS OF        GROUPS  EXACT  LOW  NONE      SET  REFUSED',
    'primary->backup       3     30    4     2  3 s ago        1',
    '  primary->backup billing: consumers on backup are in it',
    '',
    'CONNECTOR                  OF               KIND    STATE   FOR  RECORDS   MB        LAG  RESTARTS  AGAIN IN',
    'MirrorCheckpointConnector  primary->backup  source  FAILED  8 s        0  0.0  1,234,567         2       5 s',
    '  NO_BROKER: no broker of primary answers',
    '',
    'TASK                         STATE    FOR   ACTIVE   STORED  WINDOW  RESTARTS',
    'MirrorCheckpointConnector-0  STOPPED  8 s  1 s ago  2 s ago     0 %         2',
    '',
    'LAST ERROR',
    '12:02:56Z, 8 s ago  primary->backup  NO_BROKER: no broker of primary answers',
    '',
    'EVENT       AT                    OF                                 TIMES',
    'retrying    12:02:52Z             primary->backup orders-3  3 in 1 min 0 s  CONNECTION: primary-2:9092 closed the connection',
    `failed      11:58:04Z             primary->backup orders-7                  ${tooLarge}`,
    'flow-state  2026-11-13 12:03:04Z  primary->backup                           RUNNING',
  ])
})

test('in a narrow window each row has its figures below it; sentences are cut, figures never', () => {
  const narrow = lines(troubledReport(), 50)
  assert.deepEqual(narrow.slice(0, 19), [
    'DEGRADED  isthmus/0.1.0  http://127.0.0.1:8083',
    '  up 3 h 12 min  at 12:03:04Z',
    '  Flow primary->backup: 1 partition makes no prog…',
    '  Flow backup->primary is RETRYING: no broker of …',
    '',
    'CLUSTER  STATE              FOR',
    'primary  IN TROUBLE  1 min 30 s',
    '  no broker answers',
    '',
    'FLOW',
    'primary->backup  RUNNING',
    '  FOR 3 h 12 min  PARTITIONS 12  LAG 1,234,567',
    '  OLDEST 1 min 3 s  REC/S 98,765  MB/S 123.5',
    '  HOP P50/P99 2.9/41 ms  GAPS (RECORDS) 1 (30,000)',
    '  2 of 12 partitions do not go on',
    '  partitions: 1 RETRYING, 1 FAILED, 1 GAP',
    'backup->primary  RETRYING',
    '  FOR 1 min 30 s',
    '  no broker of primary answers',
  ])
  const figures = (texts: readonly string[]): string[] => texts.flatMap(line => line.match(/\d[\d,]*\d/g) ?? [])
  for (const columns of [50, 80, 100, 130]) {
    const fitting = lines(troubledReport(), columns)
    assert.deepEqual(
      fitting.filter(line => widthOf(line) > columns),
      [],
    )
    const kept = new Set(figures(fitting))
    for (const figure of ['1,234,567', '98,765', '123', '30,000', '1,200,000', '30,176', '4,321'])
      assert.ok(kept.has(figure), figure)
  }
})

test('colours say how bad it is, and change nothing else', () => {
  const colours: string[] = []
  const style = (name: TextStyle, text: string): string => {
    colours.push(`${name} ${text}`)
    return styleText(name, text, { validateStream: false })
  }
  const coloured = reportLines(troubledReport(), ADDRESS, shown, { columns: 100, style })
  assert.deepEqual(
    coloured.map(line => stripVTControlCharacters(line)),
    lines(troubledReport(), 100),
  )
  for (const expected of [
    'yellow DEGRADED',
    'yellow RUNNING',
    'red FAILED',
    'yellow GAP',
    'green COPYING',
    'cyan STOPPED',
    'dim LAST ERROR',
  ])
    assert.ok(colours.includes(expected), `${expected} of ${colours.join(', ')}`)
})

test('so many partitions and events as asked for; how many more there are is said', () => {
  const few = lines(troubledReport(), 200, { partitions: 2, events: 1 })
  assert.equal(few.filter(line => /^(orders|payments)-\d/.test(line)).length, 2)
  assert.ok(few.includes('  and 2 more partitions (--partitions 4)'))
  assert.equal(few.at(-2)?.split(' ')[0], 'EVENT')
})

test('partitions that the report leaves out are said to be there when all that it has need a look', () => {
  const worth = partition({ lagRecords: 5 })
  const partitions = { count: 40, byState: { COPYING: 40 }, gaps: 0, gapRecords: 0, shown: [worth], omitted: 39 }
  assert.equal(lines(report({ flows: [flow({ partitions })] })).at(-1), '  39 partitions that lag less are not in the report')
})

test('--all shows connectors and tasks that run as they should; a worker shows its connectors without it', () => {
  const names = (of: StatusReport, all: boolean): string[] =>
    lines(of, 200, { all }).flatMap(line => line.match(/^(MirrorSourceConnector|lines)\S*/)?.[0] ?? [])
  assert.deepEqual(names(report(), false), [])
  assert.deepEqual(names(report(), true), ['MirrorSourceConnector', 'MirrorSourceConnector-0'])
  const { flow: _, ...lone } = connector({
    name: 'lines',
    tasks: [task({ id: 'lines-0' }), task({ id: 'lines-1', state: 'FAILED', severity: 'error' })],
  })
  assert.deepEqual(names(report({ flows: [], clusters: [], connectors: [lone] }), false), ['lines', 'lines-1'])
})

test('what is not known is not made up', () => {
  const { lagRecords: _, oldestAgeMs: __, hopLatency: ___, ...unknown } = flow()
  assert.match(lines(report({ flows: [unknown] }))[3] ?? '', / {2}12 {4}\? {7}- {2}98,765 {2}123\.5 {12}-$/)
})
