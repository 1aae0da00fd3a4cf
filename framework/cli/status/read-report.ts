import type { IncomingMessage } from 'node:http'
import type { StatusReport } from '../../api/status-report.ts'
import { cut } from '../../text/width.ts'
import type { Answer } from './ask.ts'

const ELSEWHERE = 'give the address that isthmus listens at'
const SHOWN_COLUMNS = 200
const HEALTH: readonly unknown[] = ['UP', 'DEGRADED', 'DOWN']

/** The report in an answer, if it is one. In it, texts are made of one line each: nothing in them moves a cursor. */
export function readReport(text: string, { statusCode = 0, headers }: Pick<IncomingMessage, 'statusCode' | 'headers'>): Answer {
  const trouble = (message: string): Answer => ({ kind: 'trouble', message })
  if (statusCode === 401) return trouble('answers 401: it wants a password; give http://user:password@host:port')
  if (statusCode === 403)
    return trouble(
      `answers 403: ${cut(oneLine(text).trim(), SHOWN_COLUMNS) || 'it lets nobody in'}; ask by an address that it allows`,
    )
  if (statusCode >= 300 && statusCode < 400)
    return trouble(`answers ${statusCode} and points to ${oneLine(headers.location ?? 'nowhere')}; give that address`)
  const report = parse(text)
  if (report === undefined) {
    if (statusCode === 404) return trouble(`answers 404: this is no isthmus, or one that has no /status yet; ${ELSEWHERE}`)
    if (statusCode >= 500) return trouble(`answers ${statusCode}: isthmus, or what stands before it, fails; its log says more`)
    return trouble(
      `answers ${statusCode} with ${kindOf(text, headers['content-type'])}, not with a report of isthmus; ${ELSEWHERE}`,
    )
  }
  if (typeof report !== 'object' || report === null || !isOfIsthmus(report))
    return trouble(`answers with JSON that is no report of isthmus; ${ELSEWHERE}`)
  if (!isReport(report))
    return trouble(`answers as ${report.program}, which this program does not understand; use that version of it`)
  return { kind: 'report', report, json: text }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text, (_, value: unknown) => (typeof value === 'string' ? oneLine(value) : value))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
}

function kindOf(text: string, contentType: string | undefined): string {
  if (text.trim() === '') return 'nothing'
  if (/^\s*<(!doctype|html)/i.test(text)) return 'an HTML page'
  return contentType === undefined ? 'something else' : oneLine(contentType)
}

function isOfIsthmus(value: object): value is { readonly program: string } {
  return 'program' in value && typeof value.program === 'string' && value.program.startsWith('isthmus/')
}

/** As far as a report of another version may differ. */
function isReport(value: object): value is StatusReport {
  const { startedMs, atMs, health, ...lists } = value as Partial<StatusReport>
  const { clusters, flows, connectors, events } = lists
  return (
    Number.isFinite(startedMs) &&
    Number.isFinite(atMs) &&
    HEALTH.includes(health?.state) &&
    Array.isArray(health?.reasons) &&
    [clusters, flows, connectors, events].every(list => Array.isArray(list)) &&
    flows?.every(({ partitions }) => isPartitions(partitions)) === true &&
    connectors?.every(
      ({ tasks, partitions }) => Array.isArray(tasks) && (partitions === undefined || isPartitions(partitions)),
    ) === true
  )
}

function isPartitions(value: Partial<StatusReport['flows'][number]['partitions']> | undefined): boolean {
  return Array.isArray(value?.shown) && typeof value.byState === 'object'
}
