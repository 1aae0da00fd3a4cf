import { type Browser, chromium } from 'playwright-core'
import { chromiumProgram } from './chromium.ts'

const START_TIMEOUT_MS = 60_000

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Headless, with a profile of its own that goes with it. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = chromiumProgram()
  if (executablePath === undefined) throw new Error('there is no browser to start')
  return await chromium.launch({ executablePath, headless: true, args: FLAGS, timeout: START_TIMEOUT_MS })
}
