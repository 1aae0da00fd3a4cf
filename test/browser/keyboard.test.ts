import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startBrowser } from '../browser-tool/browser.ts'
import { CHROMIUM_MISSING, chromiumProgram } from '../browser-tool/chromium.ts'
import { openPage } from './open-page.ts'

describe('the status page by keyboard', { skip: chromiumProgram() === undefined && CHROMIUM_MISSING }, () => {
  let browser: Browser

  before(async () => {
    browser = await startBrowser()
  })
  after(() => browser.close())

  test('Tab reaches everything that does something, in the order of the page, and shows where it is', async () => {
    await using opened = await openPage(browser, 'troubled')
    const { page } = opened
    const all = await page.evaluate(() => {
      const found = [...document.querySelectorAll('a[href], select, summary, button, input')].filter(node =>
        node.checkVisibility(),
      )
      for (const [i, node] of found.entries()) Object.assign(node, { place: i })
      return found.length
    })
    assert.ok(all > 15, `${all} of them`)
    const reached: number[] = []
    for (let i = 0; i < all; i++) {
      await page.keyboard.press('Tab')
      const { place, outline } = await page.evaluate(() => {
        const node = document.activeElement as Element & { readonly place?: number }
        return { place: node.place ?? -1, outline: getComputedStyle(node).outlineStyle }
      })
      assert.notEqual(outline, 'none', `${place} shows the focus`)
      reached.push(place)
    }
    assert.deepEqual(
      reached,
      Array.from({ length: all }, (_, i) => i),
    )
  })

  test('the first Tab offers to skip to the content', async () => {
    await using opened = await openPage(browser, 'healthy')
    const { page } = opened
    await page.keyboard.press('Tab')
    assert.equal(
      await page.locator('.skip').evaluate(node => node === document.activeElement && node.getBoundingClientRect().top >= 0),
      true,
    )
    await page.keyboard.press('Enter')
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main')
  })

  test('Enter opens what is behind a click; choices are native', async () => {
    await using opened = await openPage(browser, 'healthy')
    const { page } = opened
    const details = page.locator('#groups details').first()
    await details.locator('summary').focus()
    await page.keyboard.press('Enter')
    assert.equal(await details.getAttribute('open'), '')
    assert.equal(await details.locator('tbody tr').first().isVisible(), true)
    await page.locator('#flow').focus()
    await page.keyboard.press('ArrowDown')
    assert.equal(await page.locator('#flow').inputValue(), 'primary->standby')
  })
})
