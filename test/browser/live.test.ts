import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { FlowReport, StatusReport } from '../../framework/api/index.ts'
import { startBrowser } from '../browser-tool/browser.ts'
import { CHROMIUM_MISSING, chromiumProgram } from '../browser-tool/chromium.ts'
import { openDetails, openPage, takeScreenshot } from './open-page.ts'

/** The same flows, with a lag that can be told from all others. */
function lagging(report: StatusReport, lagRecords: number): Partial<StatusReport> {
  return { flows: report.flows.map(flow => (flow.role === 'copy' ? { ...flow, lagRecords } : flow)) }
}

const awaitText = (page: Page, selector: string, text: string): Promise<void> =>
  page.locator(selector, { hasText: text }).first().waitFor({ state: 'attached' })

describe('the status page follows its process', { skip: chromiumProgram() === undefined && CHROMIUM_MISSING }, () => {
  let browser: Browser

  before(async () => {
    browser = await startBrowser()
  })
  after(() => browser.close())

  test('figures change in place: focus, scroll position, opened details and the elements themselves stay', async () => {
    await using opened = await openPage(browser, 'troubled')
    const { page, process } = opened
    await openDetails(page)
    const summary = page.locator('#groups .group summary').nth(1)
    await summary.focus()
    const before = await page.evaluate(() => {
      for (const row of document.querySelectorAll('tr, svg, details')) Object.assign(row, { isOld: true })
      return {
        y: scrollY,
        details: document.querySelectorAll('details[open]').length,
        focused: document.activeElement?.textContent,
      }
    })
    assert.ok(before.y > 500, 'scrolled down')
    process.next(lagging(process.report, 7_654_321))
    await awaitText(page, '.flows td', '7,654,321')
    const now = await page.evaluate(() => ({
      y: scrollY,
      details: document.querySelectorAll('details[open]').length,
      focused: document.activeElement?.textContent,
    }))
    assert.deepEqual(now, before)
    const isNew = await page.evaluate(
      () => [...document.querySelectorAll('tr, svg, details')].filter(row => !('isOld' in row)).length,
    )
    assert.equal(isNew, 0)
  })

  test('what moves to another place keeps the focus, and what comes above moves nothing in sight', async () => {
    await using opened = await openPage(browser, 'troubled')
    const { page, process } = opened
    const summary = page.locator('#connectors details', { hasText: 'east → west' }).locator('summary').first()
    await summary.focus()
    const focused = () =>
      page.evaluate(() => ({
        text: document.activeElement?.textContent?.slice(0, 60),
        top: document.activeElement?.getBoundingClientRect().top,
      }))
    const before = await focused()
    const { connectors, clusters, flows } = process.report
    const worse = {
      ...flows[1]!,
      state: 'BLOCKED',
      severity: 'error',
      cause: 'another program is in the group',
    } as const satisfies FlowReport
    process.next({
      connectors: connectors.toReversed(),
      clusters: clusters.map(cluster => ({ ...cluster, severity: 'error', cause: 'gone' })),
      flows: [flows[0]!, worse],
    })
    await awaitText(page, '.troubles li', 'Cluster east')
    const now = await focused()
    assert.equal(now.text, before.text)
    assert.ok(Math.abs(now.top! - before.top!) < 400, 'still in sight')
  })

  test('a screen reader is told of changes of health, not of each second', async () => {
    await using opened = await openPage(browser, 'healthy')
    const { page, process } = opened
    await page.evaluate(() => {
      const said: string[] = []
      Object.assign(globalThis, { said })
      new MutationObserver(() => said.push(document.getElementById('announcement')?.textContent ?? '')).observe(
        document.getElementById('announcement')!,
        { childList: true, characterData: true, subtree: true },
      )
    })
    for (const lag of [101, 102, 103, 104]) {
      process.next(lagging(process.report, lag))
      await awaitText(page, '.flows td', String(lag))
    }
    const [flow, ...rest] = process.report.flows
    process.next({
      flows: [{ ...flow!, state: 'RETRYING', severity: 'warning', cause: 'the leader is moving', lagRecords: 105 }, ...rest],
    })
    await awaitText(page, '.flows td', '105')
    const said = await page.evaluate(() => (globalThis as unknown as { said: string[] }).said)
    assert.deepEqual(said, ['Works, with trouble that should pass. 1 to look at'])
    assert.equal(await page.title(), '▲ Trouble · Isthmus')
    assert.equal(await page.locator('[aria-live], [role=status], [role=alert]').count(), 1)
  })

  test('a connection that is lost is told, with how long there has been no news; it comes back by itself, with what was missed', async () => {
    await using opened = await openPage(browser, 'healthy')
    const { page, process } = opened
    await process.vanish()
    await page
      .locator('#lost', {
        hasText: /^No news for (?:[5-9]|\d\d) s\. What is shown is of \d\d:\d\d:\d\d; trying to connect again\.$/,
      })
      .waitFor()
    assert.equal(await page.title(), '? No news · Isthmus')
    assert.match(await page.locator('#announcement').innerText(), /^The connection is lost/)
    assert.equal(await page.locator('#health h1').innerText(), 'No news. Last known: everything works')
    await takeScreenshot(page, 'lost-light')
    const missed = page.waitForResponse(response => response.url().endsWith('/status/history'))
    await process.listen()
    await page.locator('#connection.live').waitFor()
    await missed
    assert.equal(await page.locator('#lost').isVisible(), false)
    assert.match(await page.locator('#announcement').innerText(), /^Everything works/)
    process.next(lagging(process.report, 222))
    await awaitText(page, '.flows td', '222')
  })

  test('where streams do not get through, it asks', async () => {
    await using opened = await openPage(browser, 'healthy')
    const { page, process } = opened
    process.refuseStreams()
    await process.vanish()
    await process.listen()
    process.next(lagging(process.report, 333))
    await awaitText(page, '.flows td', '333')
    await page.locator('#connection.live').waitFor()
    assert.equal(process.readers, 0)
  })

  test('a report of 5,000 partitions does not make the page stop', async () => {
    await using opened = await openPage(browser, 'large')
    const { page, process } = opened
    await page.evaluate(() => {
      const tasks: number[] = []
      Object.assign(globalThis, { tasks })
      new PerformanceObserver(list => tasks.push(...list.getEntries().map(entry => entry.duration))).observe({
        entryTypes: ['longtask'],
      })
    })
    for (const lag of [111_111, 222_222, 333_333]) {
      process.next(lagging(process.report, lag))
      await awaitText(page, '.flows td', lag.toLocaleString('en'))
    }
    const longest = await page.evaluate(() => Math.max(0, ...(globalThis as unknown as { tasks: number[] }).tasks))
    assert.ok(longest < 500, `${longest} ms`)
  })
})
