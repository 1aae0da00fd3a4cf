import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startBrowser } from '../browser-tool/browser.ts'
import { CHROMIUM_MISSING, chromiumProgram } from '../browser-tool/chromium.ts'
import { openDetails, openPage, takeScreenshot, violationsOf } from './open-page.ts'
import { SCENARIOS, type Scenario } from './scenarios.ts'

const PHONE = 360

const LOOKS = [
  { look: 'light', width: 1280, colorScheme: 'light' },
  { look: 'dark', width: 1280, colorScheme: 'dark' },
  { look: 'phone', width: PHONE, colorScheme: 'light' },
] as const

describe('the status page, in a real browser', { skip: chromiumProgram() === undefined && CHROMIUM_MISSING }, () => {
  let browser: Browser

  before(async () => {
    browser = await startBrowser()
  })
  after(() => browser.close())

  for (const scenario of Object.keys(SCENARIOS) as Scenario[]) {
    for (const { look, ...options } of LOOKS) {
      test(`${scenario}, ${look}: for everybody by WCAG A and AA, without errors, without a request elsewhere, never wider than the screen`, async () => {
        await using opened = await openPage(browser, scenario, options)
        const { page, complaints } = opened
        await takeScreenshot(page, `${scenario}-${look}`)
        await openDetails(page)
        assert.deepEqual(await violationsOf(page), [])
        const width = await page.evaluate(() => document.documentElement.scrollWidth)
        assert.ok(width <= options.width, `${width} px on a screen of ${options.width}`)
        assert.deepEqual(complaints, [])
      })
    }
  }
})
