import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { test } from 'node:test'
import type { Following, Terminal } from '../../../../../framework/api/command.ts'
import { statusTarget } from '../../../../../framework/cli/status/target.ts'
import { watch } from '../../../../../framework/cli/status/watch.ts'
import { FakeIsthmus } from './fake-isthmus.ts'
import { report, troubledReport } from './reports.ts'

/** A window of which the lines that are followed can be seen. */
class Window implements Terminal {
  readonly isInteractive = true
  readonly outputClosed = new AbortController().signal
  readonly columns = 100
  rows = 100
  shown: () => readonly string[] = () => []
  isClosed = false

  style(_: string, text: string): string {
    return text
  }

  print(line: string): void {
    throw new Error(`printed: ${line}`)
  }

  problems(): void {
    throw new Error('problems')
  }

  async follow(render: () => readonly string[]): Promise<Following> {
    this.shown = render
    return {
      close: () => {
        this.isClosed = true
      },
    }
  }
}

test('a window shows the report in place, what was answered last while nothing is, and what fits', {
  timeout: 30_000,
}, async () => {
  const isthmus = await new FakeIsthmus(troubledReport()).listen()
  const questions = new EventEmitter()
  let isAway = false
  isthmus.listener = (_, response) => {
    response.writeHead(isAway ? 502 : 200)
    response.end(isAway ? '' : JSON.stringify(isthmus.report))
    questions.emit('asked')
  }
  /** The one that is asked next, and with it what it was answered, is known when the one behind it comes. */
  const seen = async (): Promise<void> => {
    await once(questions, 'asked')
    await once(questions, 'asked')
  }
  const window = new Window()
  const ending = new AbortController()
  const watching = watch({
    everyMs: 20,
    json: false,
    shown: { partitions: 10, events: 5, all: false },
    target: statusTarget(isthmus.url, {}),
    terminal: window,
    view: () => ({ columns: window.columns, style: (_, text) => text }),
    asking: { timeoutMs: 5_000, signal: ending.signal },
  })
  try {
    await seen()
    assert.match(window.shown()[0] ?? '', /^DEGRADED {2}/)
    const all = window.shown().length
    window.rows = 10
    assert.equal(window.shown().length, 9)
    assert.equal(window.shown().at(-1), `  ${all - 8} lines more: in a taller window, or without --watch`)
    window.rows = 100
    isAway = true
    await seen()
    const [head, why, , last, state] = window.shown()
    assert.match(head ?? '', /^NO ANSWER {2}http:\S+ {2}since \d\d:\d\d:\d\dZ, for \d+ s$/)
    assert.equal(why, '  answers 502: isthmus, or what stands before it, fails; its log says more')
    assert.equal(last, 'This is the last that was answered:')
    assert.match(state ?? '', /^DEGRADED {2}/)
    isthmus.report = report()
    isAway = false
    await seen()
    assert.match(window.shown()[0] ?? '', /^UP {2}/)
  } finally {
    ending.abort()
    await watching
    await isthmus.vanish()
  }
  assert.equal(window.isClosed, true)
})
