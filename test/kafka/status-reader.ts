import type { StatusReport } from '../../framework/api/index.ts'

const PREFIX = 'event: status\ndata: '

export async function statusOf(url: string): Promise<StatusReport> {
  const response = await fetch(`${url}/status`)
  if (!response.ok) throw new Error(`${url}/status answered ${response.status}`)
  return (await response.json()) as StatusReport
}

/** The first report of the stream that will do. */
export async function streamed(
  url: string,
  what: string,
  isEnough: (report: StatusReport) => boolean,
  withinMs = 30_000,
): Promise<StatusReport> {
  const signal = AbortSignal.timeout(withinMs)
  const ending = new AbortController()
  let last: StatusReport | undefined
  try {
    for await (const report of reports(url, AbortSignal.any([signal, ending.signal]))) {
      last = report
      if (isEnough(report)) return report
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    ending.abort()
  }
  throw new Error(`not within ${withinMs} ms: ${what}; last ${JSON.stringify(last)}`)
}

async function* reports(url: string, signal: AbortSignal): AsyncGenerator<StatusReport> {
  const response = await fetch(`${url}/status/stream`, { signal })
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk, { stream: true })
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) if (event.startsWith(PREFIX)) yield JSON.parse(event.slice(PREFIX.length)) as StatusReport
  }
}
