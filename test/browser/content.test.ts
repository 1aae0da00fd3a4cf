import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startBrowser } from '../browser-tool/browser.ts'
import { CHROMIUM_MISSING, chromiumProgram } from '../browser-tool/chromium.ts'
import { openPage } from './open-page.ts'

const texts = async (page: Page, selector: string): Promise<string[]> =>
  (await page.locator(selector).allInnerTexts()).map(text => text.replace(/\s+/g, ' ').trim())

describe('what the status page says', { skip: chromiumProgram() === undefined && CHROMIUM_MISSING }, () => {
  let browser: Browser

  before(async () => {
    browser = await startBrowser()
  })
  after(() => browser.close())

  test('what is wrong comes first, the worst of it before the rest, each cause once', async () => {
    await using opened = await openPage(browser, 'troubled')
    const { page } = opened
    assert.equal(await page.title(), '✕ Needs attention · Isthmus')
    assert.equal(await page.locator('main h1').innerText(), 'Works in part: somebody has to act')
    const troubles = await texts(page, '#health > .troubles > li')
    assert.match(
      troubles[0]!,
      /^trouble: Cluster west is in trouble for 3 min 5 s no broker of west-1:9092,west-2:9092 can be reached/,
    )
    assert.match(troubles.join('\n'), /Flow west → east: 2 partitions have failed and are not copied/)
    assert.match(
      troubles.join('\n'),
      /Flow east → west: 1 consumer group could not be set at the target billing: Group billing has members at west/,
    )
    assert.equal(troubles.join('\n').match(/ECONNREFUSED/g)?.length, 1)
    const kinds = troubles.map(trouble => trouble.split(':')[0])
    assert.deepEqual(kinds, kinds.toSorted(), 'trouble before warnings')
    const top = await page.locator('#health h1').evaluate(node => node.getBoundingClientRect().top)
    assert.ok(top < 200, `${top} px from the top`)
  })

  test('where all is well, that is said, and nothing else', async () => {
    await using opened = await openPage(browser, 'healthy')
    assert.equal(await opened.page.locator('main h1').innerText(), 'Everything works')
    assert.equal(await opened.page.locator('.troubles').count(), 0)
  })

  test('each flow is an arrow with state, lag and rate, and a row with the same figures', async () => {
    await using opened = await openPage(browser, 'troubled')
    const arrows = await opened.page.locator('svg.topology .arrow').allTextContents()
    assert.deepEqual(
      arrows.map(text => text.replace(/^.*?: .*?\/s/, '')),
      ['✕ Retrying · 1.28M behind · 0/s', '▲ Running · 5,310 behind · 1,843/s'],
    )
    const [first = ''] = await texts(opened.page, '.flows tbody tr')
    assert.match(
      first,
      /^east → west Retrying for 3 min 5 s no broker .* 1,284,311 700 MiB 3 min 4 s 0\/s 0 B\/s 6\.2 ms \/ 41 ms 38 ms \/ 412 ms 48,210,334/,
    )
  })

  test('partitions are counted by state, and those that need attention are listed first', async () => {
    await using opened = await openPage(browser, 'large')
    assert.deepEqual(await texts(opened.page, '.legend li'), ['Retrying 2', 'Copying 1,912', 'Caught up 3,086'])
    const rows = await texts(opened.page, '#partitions tbody tr')
    assert.match(
      rows[0]!,
      /^telemetry-of-devices-in-the-field\.v2-0 Retrying for 42 min NOT_LEADER_OR_FOLLOWER: the leader is moving 9,112 5\.2 MiB 18 s/,
    )
    assert.match(await opened.page.locator('#partitions').innerText(), /4,900 other partitions are not listed/)
    await opened.page.locator('#partition-state').selectOption('trouble')
    assert.equal(await opened.page.locator('#partitions tbody tr').count(), 2)
  })

  test('a group tells where it would go on, how exactly, and why it was refused', async () => {
    await using opened = await openPage(browser, 'troubled')
    const text = (await texts(opened.page, '#groups .group.error'))[0]!
    assert.match(text, /^billing 4 exact · 2 not yet Group billing has members at west/)
    assert.match(text, /east\.orders-0 1,204,331 1,204,100 Exact/)
    assert.match(text, /east\.orders-5 1,209,331 – Not translated yet/)
  })

  test('one flow can be chosen: charts, partitions, groups, connectors and events are its own', async () => {
    await using opened = await openPage(browser, 'troubled')
    const { page } = opened
    await page.locator('#flow').selectOption('west->east')
    for (const part of ['charts', 'partitions'])
      assert.deepEqual(await texts(page, `#${part} h3`).then(all => all.map(text => text.slice(0, 11))), ['west → east'], part)
    assert.equal(await page.locator('#groups-section').isVisible(), false)
    assert.equal(await page.locator('#connectors > details').count(), 1)
    assert.ok((await texts(page, '#events tbody tr')).every(row => row.includes('west → east')))
    assert.equal(await page.locator('nav a:visible').count(), 6, 'links only to what is there')
  })

  test('charts say in words what they show, and have a table', async () => {
    await using opened = await openPage(browser, 'healthy')
    const label = await opened.page.locator('.chart svg[role=img]').first().getAttribute('aria-label')
    assert.match(label!, /^Records behind over the last hour: Records behind 84 now, at most [\d,]+ at \d\d:\d\d:\d\d$/)
    await opened.page.locator('#charts summary').click()
    assert.ok((await opened.page.locator('#charts tbody tr:visible').count()) >= 10)
  })

  test('a worker without flows has its connectors, and no empty parts', async () => {
    await using opened = await openPage(browser, 'worker')
    const visible = await texts(opened.page, 'section:visible h2')
    assert.deepEqual(visible, ['Last hour', 'Partitions', 'Connectors and tasks', 'Events'])
    assert.match(
      await opened.page.locator('#connectors').innerText(),
      /orders-to-files[\s\S]*Failed[\s\S]*ENOSPC[\s\S]*no space left on device/,
    )
  })

  test('before anything runs, that is said', async () => {
    await using opened = await openPage(browser, 'nothing')
    assert.match(await opened.page.locator('main').innerText(), /Nothing runs here yet\s+Started \d s ago/)
  })
})
