import { once } from 'node:events'
import type { Terminal } from '../../api/command.ts'
import type { StatusReport } from '../../api/status-report.ts'
import { periodically } from '../../flow/index.ts'
import { duration } from '../../text/figures.ts'
import { cut } from '../../text/width.ts'
import { type Answer, type AskOptions, ask } from './ask.ts'
import type { View } from './layout.ts'
import { reportLines, type Shown } from './report-lines.ts'
import type { StatusTarget } from './target.ts'
import { clock } from './words.ts'

export interface WatchOptions {
  readonly everyMs: number
  readonly json: boolean
  readonly shown: Shown
  readonly target: StatusTarget
  readonly terminal: Terminal
  /** Asked each time: windows change. */
  readonly view: () => View
  /** Its signal ends the watch. */
  readonly asking: AskOptions
}

/** Looks again and again, whatever is answered, until the signal: in place on a terminal, block by block elsewhere. */
export async function watch(options: WatchOptions): Promise<void> {
  const { terminal, json, everyMs, asking, target } = options
  const { signal } = asking
  if (signal.aborted) return
  const shown = new Watched(options)
  const isInPlace = terminal.isInteractive && !json
  const look = async (): Promise<void> => {
    const answer = await ask(target, asking)
    if (signal.aborted) return
    const change = shown.take(answer)
    if (json) printJson(answer, change, options)
    else if (!isInPlace) terminal.print(`${shown.lines().join('\n')}\n`)
  }
  const following = isInPlace ? await terminal.follow(() => fitting(shown.lines(), terminal, options.view())) : undefined
  let broken: unknown
  const ended = new AbortController()
  const stop = (error: unknown): void => {
    broken = error
    ended.abort()
  }
  const looks = periodically(look, { everyMs, initialDelayMs: 0, report: stop }).subscribe({ error: stop })
  const either = AbortSignal.any([signal, ended.signal])
  if (!either.aborted) await once(either, 'abort')
  looks.unsubscribe()
  following?.close()
  if (broken !== undefined) throw broken
}

/** What was answered last, and since when nothing is. */
class Watched {
  readonly #options: WatchOptions
  #report: StatusReport | undefined
  #trouble: { readonly message: string; readonly sinceMs: number } | undefined

  constructor(options: WatchOptions) {
    this.#options = options
  }

  take(answer: Answer): 'went' | 'came back' | 'same' {
    const before = this.#trouble
    if (answer.kind === 'report') {
      this.#report = answer.report
      this.#trouble = undefined
      return before === undefined ? 'same' : 'came back'
    }
    this.#trouble = { message: answer.message, sinceMs: before?.sinceMs ?? Date.now() }
    return before?.message === answer.message ? 'same' : 'went'
  }

  lines(): string[] {
    const { target, terminal, shown, view } = this.#options
    const [report, trouble] = [this.#report, this.#trouble]
    const current = view()
    if (trouble === undefined)
      return report === undefined ? [`${target.name}: waiting for an answer`] : reportLines(report, target.name, shown, current)
    const nowMs = Date.now()
    const since = `since ${clock(trouble.sinceMs, nowMs)}, for ${duration(nowMs - trouble.sinceMs)}`
    const head = [`${current.style('red', 'NO ANSWER')}  ${target.name}  ${since}`, cut(`  ${trouble.message}`, current.columns)]
    if (report === undefined || !terminal.isInteractive) return head
    return [...head, '', 'This is the last that was answered:', ...reportLines(report, target.name, shown, current)]
  }
}

/** Reports on standard output; that there is none, once, on standard error. */
function printJson(answer: Answer, change: 'went' | 'came back' | 'same', { terminal, target }: WatchOptions): void {
  if (answer.kind === 'report') {
    if (change === 'came back') terminal.problems('', [{ key: target.name, message: 'answers again' }])
    terminal.print(JSON.stringify(JSON.parse(answer.json)))
  } else if (change === 'went') terminal.problems('', [{ key: target.name, message: answer.message }])
}

/** The cursor takes the last line of the screen. */
function fitting(lines: readonly string[], { rows }: Terminal, view: View): readonly string[] {
  const room = rows - 1
  if (lines.length <= room) return lines
  const left = lines.length - room + 1
  return [
    ...lines.slice(0, Math.max(1, room - 1)),
    cut(`  ${left} lines more: in a taller window, or without --watch`, view.columns),
  ]
}
