import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import type { FlowReport, StatusReport } from '../../framework/api/index.ts'
import type { Jaeger } from '../jaeger-tool/index.ts'
import type { FaultyMirror, Stopping } from './faulty-mirror.ts'
import { awaitTrace, type JaegerSpan, type JaegerTrace, tagsOf } from './jaeger-traces.ts'
import type { LogLine } from './mirror-process.ts'
import { type Scrape, scrape } from './scrape.ts'
import { WatchingCommand } from './watching-command.ts'

/** What a fault is to be told by, everywhere. */
export interface FaultSigns {
  /** `A->B` */
  readonly flow: string
  /** Of the flow, while it lasts: the cause that is to be told, which is also its last error. */
  readonly cause: RegExp
  /** Of an event of the flow while it lasts. */
  readonly event: string
  /** Of an event that says that it is over; absent where none is to. */
  readonly overEvent?: string
  /** Whatever else of the report is to say so. */
  readonly status?: (report: StatusReport, flow: FlowReport) => boolean
  readonly metrics: (shown: Scrape) => boolean
  /** And those that stay when it is over. */
  readonly metricsAfter?: (shown: Scrape) => boolean
  /** Of what the page says is wrong. */
  readonly page: RegExp
  /** Name of a span that tells of it. */
  readonly span: string
  readonly line: (line: LogLine) => boolean
  /** Of what `isthmus status` prints. */
  readonly printed: RegExp
}

/** Within this time everything that tells anything tells of a fault. */
const SEEN_MS = 10_000
const CLEAR_MS = 40_000
const LOOK_MS = 100

/** Looks at a mirror in all the ways that there are; without a browser or Jaeger in those that are left. */
export class FaultWatch {
  readonly #mirror: FaultyMirror
  readonly #jaeger: Jaeger | undefined
  readonly #page: Page | undefined
  readonly #command: WatchingCommand

  private constructor(mirror: FaultyMirror, jaeger: Jaeger | undefined, page: Page | undefined) {
    this.#mirror = mirror
    this.#jaeger = jaeger
    this.#page = page
    this.#command = new WatchingCommand(mirror.url)
  }

  /** Ends with the test at the latest. */
  static async open(
    t: Stopping,
    mirror: FaultyMirror,
    jaeger: Jaeger | undefined,
    browser: Browser | undefined,
  ): Promise<FaultWatch> {
    const page = await browser?.newPage()
    await page?.goto(mirror.url)
    await page?.locator('#connection.live').waitFor()
    const watch = new FaultWatch(mirror, jaeger, page)
    t.after(async () => {
      await watch.#command.stop()
      await page?.close()
    })
    return watch
  }

  /** @param sinceMs when the fault was there */
  async seen(t: TestContext, signs: FaultSigns, sinceMs: number): Promise<void> {
    const within = (what: string, look: () => Promise<boolean | string> | boolean) =>
      this.#until(t, `${signs.flow} ${what}`, look, sinceMs, SEEN_MS)
    const mirror = this.#mirror
    const printedBefore = this.#command.printed.length
    await Promise.all([
      within('status', async () => {
        const report = await mirror.status()
        const flow = flowOf(report, signs)
        const isSaid =
          flow.severity !== 'ok' &&
          signs.cause.test(flow.cause ?? '') &&
          (flow.lastError?.atMs ?? 0) >= sinceMs &&
          report.events.some(
            ({ kind, severity, lastMs, flow: of }) =>
              of === signs.flow && kind === signs.event && severity !== 'ok' && lastMs >= sinceMs,
          ) &&
          (signs.status?.(report, flow) ?? true)
        return (
          isSaid ||
          JSON.stringify({ ...flow, events: report.events.filter(event => event.flow === signs.flow), clusters: report.clusters })
        )
      }),
      within('isthmus status', () => signs.printed.test(this.#command.printed.slice(printedBefore))),
      within('metrics', async () => signs.metrics(await scrape(mirror.url))),
      within('page', async () => {
        const text = await this.#troubles()
        return text === undefined || signs.page.test(text) || text
      }),
      within('log', () => mirror.logged(sinceMs, signs.line) !== undefined),
      within('trace', async () => {
        if (this.#jaeger === undefined) return true
        await this.#trace(signs, sinceMs)
        return true
      }),
    ])
  }

  /** @param withinMs of `endedMs`, which may be when the fault began where nothing tells when it ended */
  async clear(t: TestContext, signs: FaultSigns, endedMs: number, withinMs = CLEAR_MS): Promise<void> {
    const within = (what: string, look: () => Promise<boolean | string>) =>
      this.#until(t, `${signs.flow} ${what} clear`, look, endedMs, withinMs)
    const mirror = this.#mirror
    await Promise.all([
      within('status', async () => {
        const report = await mirror.status()
        const flow = flowOf(report, signs)
        const isOver =
          signs.overEvent === undefined ||
          report.events.some(
            ({ kind, severity, lastMs, flow: of }) =>
              of === signs.flow && kind === signs.overEvent && severity === 'ok' && lastMs >= endedMs,
          )
        const areWell = report.clusters.every(({ severity }) => severity === 'ok')
        const isWell = flow.severity === 'ok' && flow.state === 'RUNNING' && flow.cause === undefined
        return (isOver && areWell && isWell) || JSON.stringify({ ...flow, events: report.events, clusters: report.clusters })
      }),
      within('metrics', async () => {
        const shown = await scrape(mirror.url)
        return !signs.metrics(shown) && (signs.metricsAfter?.(shown) ?? true)
      }),
      within('page', async () => {
        const text = await this.#troubles()
        return text === undefined || !signs.page.test(text) || text
      }),
    ])
  }

  /** What goes through after the fault is traced, without an error. @param topic of the source */
  async tracedWell(topic: string, sinceMs: number): Promise<void> {
    if (this.#jaeger === undefined) return
    await awaitTrace(this.#jaeger.url, { service: 'isthmus', operation: `mirror ${topic}` }, ({ spans }) =>
      spans.some(span => isFrom(span, sinceMs) && span.operationName === `mirror ${topic}` && tagsOf(span).error === undefined),
    )
  }

  /** What the page says is wrong, in the order in which it says it; undefined = there is no browser. */
  async #troubles(): Promise<string | undefined> {
    await this.#page?.locator('#health').evaluate(health => {
      for (const details of health.querySelectorAll('details')) details.open = true
    })
    return this.#page?.locator('#health').innerText()
  }

  async #trace({ span: name, flow, cause }: FaultSigns, sinceMs: number): Promise<JaegerTrace> {
    return awaitTrace(this.#jaeger!.url, { service: 'isthmus', operation: name }, ({ spans }) =>
      spans.some(span => {
        const { error, 'isthmus.flow': of } = tagsOf(span)
        return isFrom(span, sinceMs) && of === flow && error === true && cause.test(JSON.stringify([span.tags, span.logs]))
      }),
    )
  }

  async #until(
    t: TestContext,
    what: string,
    look: () => Promise<boolean | string> | boolean,
    sinceMs: number,
    withinMs: number,
  ): Promise<void> {
    for (;;) {
      const found = await look()
      const tookMs = Date.now() - sinceMs
      if (found === true && tookMs <= withinMs) {
        t.diagnostic(`${what}: ${tookMs} ms`)
        return
      }
      if (tookMs > withinMs) throw new Error(`${what}: not within ${withinMs} ms; last ${found}`)
      await delay(LOOK_MS)
    }
  }
}

function flowOf({ flows }: StatusReport, { flow }: FaultSigns): FlowReport {
  return flows.find(({ name }) => name === flow) ?? assert.fail(`no flow ${flow}`)
}

function isFrom({ startTime }: JaegerSpan, sinceMs: number): boolean {
  return startTime >= sinceMs * 1000
}
