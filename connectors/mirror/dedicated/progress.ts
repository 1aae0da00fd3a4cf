import type { TextStyle } from '../../../framework/api/command.ts'
import { padCells } from '../../../framework/text/columns.ts'
import { count, duration, grouped, megabytes } from '../../../framework/text/figures.ts'
import { cut } from '../../../framework/text/width.ts'
import type { FlowState, FlowStatus, TroubledPartition } from './flow-status.ts'

export interface ProgressOptions {
  readonly columns: number
  readonly style: (style: TextStyle, text: string) => string
  /** Milliseconds since the epoch. */
  readonly nowMs: number
}

const SHOWN_PARTITIONS = 5

const STYLES: Readonly<Record<FlowState, TextStyle>> = {
  STARTING: 'cyan',
  STANDBY: 'cyan',
  BLOCKED: 'yellow',
  RUNNING: 'green',
  RETRYING: 'yellow',
  FAILED: 'red',
  STOPPING: 'dim',
  STOPPED: 'dim',
}

/** One line per flow, in columns; below it why it does not run, and the partitions that do not copy as they should. */
export function progressLines(flows: readonly FlowStatus[], options: ProgressOptions): string[] {
  const rows = padCells(flows.map(cellsOf), column => (column < 2 ? 'left' : 'right'))
  return flows.flatMap((flow, i) => {
    const [name = '', state = '', ...figures] = rows[i]!
    const line = [name, options.style(STYLES[flow.state], state), ...figures].join('  ').trimEnd()
    return [line, ...detailsOf(flow, options)]
  })
}

function cellsOf(flow: FlowStatus): string[] {
  const isCopying = flow.partitions > 0
  return [
    flow.name,
    flow.state,
    isCopying ? count(flow.partitions, 'partition') : flow.role === 'heartbeats' ? 'heartbeats only' : '',
    isCopying ? `lag ${flow.lagRecords < 0 ? '?' : grouped(flow.lagRecords)}` : '',
    isCopying ? `${grouped(flow.recordsPerSecond)} rec/s` : '',
    isCopying ? `${megabytes(flow.bytesPerSecond)} MB/s` : '',
    isCopying ? `hop ${flow.hop === undefined ? '-' : `${flow.hop.p50Ms.toFixed(0)}/${flow.hop.p99Ms.toFixed(0)} ms`}` : '',
    flow.gaps > 0 ? `${count(flow.gaps, 'gap')} (${count(flow.gapRecords, 'record')})` : '',
  ]
}

function detailsOf(flow: FlowStatus, options: ProgressOptions): string[] {
  const cause = flow.cause === undefined ? [] : [`  for ${duration(options.nowMs - flow.sinceMs)}: ${flow.cause}`]
  const partitions = flow.troubled.slice(0, SHOWN_PARTITIONS).map(partition => troubleLine(partition, options))
  const more = flow.troubled.length - partitions.length
  const rest = more > 0 ? [`  and ${count(more, 'more partition')} in trouble`] : []
  return [...cause, ...partitions, ...rest].map(line => cut(line, options.columns))
}

function troubleLine({ name, state, cause }: TroubledPartition, { style }: ProgressOptions): string {
  return `  ${name} ${style(state === 'FAILED' ? 'red' : 'yellow', state)} ${cause}`
}

/** The flow in one line for a log, and its figures as fields. */
export function summaryOf(flow: FlowStatus): { readonly fields: object; readonly message: string } {
  const { name, state, partitionsByState, lagRecords, gaps, gapRecords, records, bytes, hop } = flow
  const figures = cellsOf(flow)
    .slice(2)
    .filter(cell => cell !== '')
  const fields = {
    flow: name,
    state,
    partitions: partitionsByState,
    lagRecords,
    records,
    bytes,
    recordsPerSecond: Math.round(flow.recordsPerSecond),
    bytesPerSecond: Math.round(flow.bytesPerSecond),
    ...(hop === undefined ? {} : { hopP50Ms: hop.p50Ms, hopP99Ms: hop.p99Ms }),
    ...(gaps === 0 ? {} : { gaps, gapRecords }),
  }
  const parts = [state, ...figures, ...troubleOf(flow)]
  return { fields, message: `${name}: ${parts.join(', ')}${flow.cause === undefined ? '' : `: ${flow.cause}`}` }
}

/** Failures are logged as they happen; why partitions are tried again is said nowhere else. */
function troubleOf({ partitionsByState: { FAILED = 0, RETRYING = 0 }, troubled }: FlowStatus): string[] {
  const first = troubled.find(({ state }) => state === 'RETRYING')
  return [
    ...(FAILED === 0 ? [] : [`${count(FAILED, 'partition')} FAILED`]),
    ...(RETRYING === 0 ? [] : [`${count(RETRYING, 'partition')} RETRYING${first === undefined ? '' : ` (${first.cause})`}`]),
  ]
}
