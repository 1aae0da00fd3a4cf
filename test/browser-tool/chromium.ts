import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

const UPDATE_TIMEOUT_MS = 120_000
const INSTALL_TIMEOUT_MS = 300_000

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** Why there is no browser, for whoever reads that tests were skipped. */
export const CHROMIUM_MISSING = 'Chromium is not installed, and apt-get cannot install it here: install Debian’s package chromium'

/** The browser's program; undefined = there is none. `CHROMIUM` in the environment names another. */
export function chromiumProgram(): string | undefined {
  const { CHROMIUM, PATH = '' } = process.env
  if (CHROMIUM !== undefined && CHROMIUM !== '') return CHROMIUM
  const folders = [...PATH.split(delimiter), '/usr/bin']
  return NAMES.flatMap(name => folders.map(folder => join(folder, name))).find(path => existsSync(path))
}

/** Installs it where that can be done without asking anybody: as root, with apt-get. */
export async function installChromium(say: (line: string) => void): Promise<string | undefined> {
  const there = chromiumProgram()
  if (there !== undefined) return there
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined
  say('Installing Chromium with apt-get …')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const install = () =>
    execute('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env, timeout: INSTALL_TIMEOUT_MS })
  try {
    await execute('apt-get', ['update'], { env, timeout: UPDATE_TIMEOUT_MS })
    await install()
  } catch (error) {
    say(`apt-get: ${(error as Error).message.trim().split('\n').at(-1)}`)
  }
  return chromiumProgram()
}
