// Reports as they come: by a stream, by asking where a stream does not get through, and whether there is any news at all.
/** @import { StatusHistory, StatusReport } from '../../api/status-report.ts' */

/** A report comes each second: this long without one is told. */
const QUIET_MS = 4_000
const ASK_EVERY_MS = 3_000
const ASK_TIMEOUT_MS = 5_000
/** A stream that was given up is opened again. */
const REOPEN_MS = 5_000
/** A stream that is open and silent is given up. */
const SILENT_MS = 20_000

/** @typedef {{ readonly isLive: boolean, readonly quietMs: number }} Connection `quietMs`: since the last report, or since the page was opened */

/**
 * Until the page is left.
 * @param {{ onReport: (report: StatusReport) => void, onHistory: (history: StatusHistory) => void, onConnection: (connection: Connection) => void }} options
 */
export function follow({ onReport, onHistory, onConnection }) {
  let newsAt = performance.now()
  let streamedAt = performance.now()
  let openedAt = performance.now()
  let askedAt = 0
  let wasLost = false
  let hasReport = false
  /** @type {EventSource | undefined} */
  let stream

  const news = (/** @type {StatusReport} */ report) => {
    newsAt = performance.now()
    if (wasLost || !hasReport)
      void ask('status/history').then(history => history !== undefined && onHistory(/** @type {StatusHistory} */ (history)))
    hasReport = true
    wasLost = false
    onReport(report)
    tell()
  }
  const open = () => {
    stream?.close()
    openedAt = streamedAt = performance.now()
    stream = new EventSource('status/stream')
    stream.addEventListener('status', event => {
      streamedAt = performance.now()
      const report = parse(/** @type {MessageEvent<string>} */ (event).data)
      if (report !== undefined) news(/** @type {StatusReport} */ (report))
    })
  }
  const tell = () => {
    const quietMs = performance.now() - newsAt
    const isLive = hasReport && quietMs < QUIET_MS
    if (hasReport && !isLive) wasLost = true
    onConnection({ isLive, quietMs })
  }
  const look = () => {
    const now = performance.now()
    tell()
    const isClosed = stream?.readyState === EventSource.CLOSED && now - openedAt > REOPEN_MS
    const isSilent = stream?.readyState === EventSource.OPEN && now - streamedAt > SILENT_MS
    if (isClosed || isSilent) open()
    if ((!hasReport || now - newsAt > QUIET_MS / 2) && now - askedAt > ASK_EVERY_MS) {
      askedAt = now
      void ask('status').then(report => report !== undefined && news(/** @type {StatusReport} */ (report)))
    }
  }
  open()
  look()
  setInterval(look, 1_000)
}

/** undefined = no answer, which the time without news tells. @param {string} path @returns {Promise<unknown>} */
async function ask(path) {
  try {
    const response = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(ASK_TIMEOUT_MS) })
    return response.ok ? await response.json() : undefined
  } catch {
    return undefined
  }
}

/** @param {string} text @returns {unknown} */
function parse(text) {
  try {
    return JSON.parse(text)
  } catch (error) {
    console.error('a report cannot be read', error)
    return undefined
  }
}
