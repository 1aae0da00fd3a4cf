import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startBrowser } from '../browser-tool/browser.ts'
import { CHROMIUM_MISSING, chromiumProgram } from '../browser-tool/chromium.ts'
import { openDetails, openPage, takeScreenshot, violationsOf } from './open-page.ts'
import { SCENARIOS, type Scenario } from './scenarios.ts'

const LOOKS = [
  { look: 'light', width: 1280, colorScheme: 'light' },
  { look: 'dark', width: 1280, colorScheme: 'dark' },
  { look: 'phone', width: 360, colorScheme: 'light' },
  { look: 'phone-dark', width: 360, colorScheme: 'dark' },
] as const

describe('the looks of the status page', { skip: chromiumProgram() === undefined && CHROMIUM_MISSING }, () => {
  let browser: Browser

  before(async () => {
    browser = await startBrowser()
  })
  after(() => browser.close())

  for (const scenario of Object.keys(SCENARIOS) as Scenario[]) {
    test(`${scenario}: for everybody by WCAG A and AA, light and dark, never wider than a screen, no errors, no request elsewhere`, async () => {
      await using opened = await openPage(browser, scenario)
      const { page, complaints } = opened
      for (const { look, width, colorScheme } of LOOKS) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 800 })
        await takeScreenshot(page, `${scenario}-${look}`)
      }
      await openDetails(page)
      for (const { look, width, colorScheme } of LOOKS) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 800 })
        const needed = await page.evaluate(() => document.documentElement.scrollWidth)
        assert.ok(needed <= width, `${look}: ${needed} px on a screen of ${width}`)
        assert.deepEqual(await violationsOf(page), [], look)
      }
      assert.deepEqual(complaints, [])
    })
  }

  test('what is hard to read is found: the check of contrast works', async () => {
    await using opened = await openPage(browser, 'nothing')
    await opened.page.evaluate(() => document.documentElement.style.setProperty('--quiet', '#b0b4b8'))
    assert.match((await violationsOf(opened.page)).join('\n'), /color-contrast/)
  })
})
