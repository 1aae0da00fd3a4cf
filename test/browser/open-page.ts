import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { FakeProcess } from './fake-process.ts'
import { SCENARIOS, type Scenario } from './scenarios.ts'

const WAIT_MS = 15_000
const SCREENSHOTS = join(import.meta.dirname, '../../.cache/screenshots')
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface PageOptions {
  readonly width?: number
  readonly colorScheme?: 'light' | 'dark'
}

/** The page, open in a browser, and the process it belongs to. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page
  readonly process: FakeProcess
  /** What the browser complained about, and what was asked of others than the process. */
  readonly complaints: readonly string[]
}

export async function openPage(browser: Browser, scenario: Scenario, options: PageOptions = {}): Promise<OpenPage> {
  const { width = 1280, colorScheme = 'light' } = options
  const process = await FakeProcess.start(SCENARIOS[scenario])
  const context = await browser.newContext({ viewport: { width, height: width < 500 ? 780 : 900 }, colorScheme })
  context.setDefaultTimeout(WAIT_MS)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('request', request => {
    if (!request.url().startsWith(`${process.url}/`)) complaints.push(`asked for ${request.url()}`)
  })
  await page.goto(process.url)
  await page.locator('#health h1').waitFor()
  await page.locator('#connection.live').waitFor()
  return {
    page,
    process,
    complaints,
    async [Symbol.asyncDispose]() {
      await context.close()
      await process.vanish()
    },
  }
}

/** Everything that is behind a click. */
export async function openDetails(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })
}

/** Violations of WCAG 2.2 A and AA, one line each. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { readonly axe: typeof import('axe-core') }
    const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    return violations.flatMap(({ id, help, nodes }) => nodes.map(node => `${id}: ${help}: ${node.html.slice(0, 200)}`))
  })
}

/** To be looked at by people: `.cache/screenshots`. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true })
}
