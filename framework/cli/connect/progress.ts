import type { TextStyle } from '../../api/command.ts'
import type { ConnectorStatus, TaskRunState, WorkerStatus } from '../../runtime/index.ts'
import { padCells } from '../../text/columns.ts'
import { count, megabytes } from '../../text/figures.ts'
import { cut } from '../../text/width.ts'

const SHOWN_PARTITIONS = 5
const ORDER: readonly TaskRunState[] = ['FAILED', 'RESTARTING', 'STARTING', 'DRAINING', 'PAUSED', 'STOPPED', 'RUNNING']

/** A connector in figures. */
export interface ConnectorFigures {
  readonly name: string
  /** Of the connector or, where that runs, of the task that is worst off. */
  readonly state: string
  readonly tasks: number
  /** Since the connector was started. */
  readonly records: number
  readonly bytes: number
  /** Passed over, as `errors.tolerance` has it. */
  readonly skipped: number
  readonly cause: string | undefined
  /** `orders-0 RETRYING: …`, of partitions that do not go on as they should. */
  readonly troubled: readonly string[]
}

export function figuresOf(status: WorkerStatus): readonly ConnectorFigures[] {
  return status.connectors.map(figures)
}

function figures({ name, state, error, tasks, totals }: ConnectorStatus): ConnectorFigures {
  const worst = [...tasks].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))[0]
  const partitions = tasks.flatMap(task => task.partitions)
  const troubled = partitions.filter(({ status }) => status.cause !== undefined)
  return {
    name,
    state: state === 'RUNNING' ? (worst?.state ?? state) : state,
    tasks: tasks.length,
    records: totals.records,
    bytes: totals.bytes,
    skipped: tasks.reduce((sum, { recordErrors }) => sum + recordErrors.skipped, 0),
    cause: error?.message ?? worst?.error?.message,
    troubled: troubled.map(({ partition, status }) => `${Object.values(partition).join('-')} ${status.state}: ${status.cause}`),
  }
}

export interface ProgressStyle {
  readonly columns: number
  readonly style: (style: TextStyle, text: string) => string
}

/** One line per connector, in columns; below it why it does not run, and the partitions that do not go on as they should. */
export function progressLines(connectors: readonly ConnectorFigures[], { columns, style }: ProgressStyle): string[] {
  const rows = connectors.map(cellsOf)
  const heads = padCells(
    rows.map(row => row.slice(0, 2)),
    () => 'left',
  )
  return connectors.flatMap((connector, i) => {
    const [name = '', state = ''] = heads[i]!
    const rest = rows[i]!.slice(2)
    const causes = connector.cause === undefined ? [] : [connector.cause]
    const details = [...causes, ...connector.troubled.slice(0, SHOWN_PARTITIONS)].map(text =>
      cut(firstLine(`  ${text}`), columns),
    )
    return [[name, style(styleOf(connector.state), state), ...rest.filter(cell => cell !== '')].join('  ').trimEnd(), ...details]
  })
}

/** The connector in one line for a log. */
export function summaryOf(connector: ConnectorFigures): string {
  const [name, ...cells] = cellsOf(connector)
  const trouble = [connector.cause, ...connector.troubled.slice(0, 1)].find(text => text !== undefined)
  return `${name}: ${cells.filter(cell => cell !== '').join(', ')}${trouble === undefined ? '' : `: ${trouble}`}`
}

function cellsOf({ name, state, tasks, records, bytes, skipped }: ConnectorFigures): string[] {
  return [
    name,
    state,
    count(tasks, 'task'),
    count(records, 'record'),
    bytes < 1e5 ? `${(bytes / 1e3).toFixed(1)} kB` : `${megabytes(bytes)} MB`,
    skipped === 0 ? '' : `${count(skipped, 'record')} passed over`,
  ]
}

function styleOf(state: string): TextStyle {
  if (state === 'FAILED') return 'red'
  if (state === 'RUNNING') return 'green'
  return state === 'RESTARTING' ? 'yellow' : 'dim'
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
