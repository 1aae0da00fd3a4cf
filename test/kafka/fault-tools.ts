import { startBrowser } from '../browser-tool/browser.ts'
import { CHROMIUM_MISSING, chromiumProgram } from '../browser-tool/chromium.ts'
import { type Jaeger, JaegerToolError, startJaeger } from '../jaeger-tool/index.ts'

/** What there is to look with. */
export interface FaultTools {
  readonly jaeger: Jaeger | undefined
  readonly browser: Awaited<ReturnType<typeof startBrowser>> | undefined
  /** What is not looked at, and why. */
  readonly missing: readonly string[]
  close(): Promise<void>
}

export async function startFaultTools(): Promise<FaultTools> {
  const [jaeger, browser] = await Promise.all([
    startJaeger().catch((error: unknown) => {
      if (error instanceof JaegerToolError && error.isGoMissing) return undefined
      throw error
    }),
    chromiumProgram() === undefined ? undefined : startBrowser(),
  ])
  return {
    jaeger,
    browser,
    missing: [
      ...(jaeger === undefined ? ['traces are not looked at: Go is not installed, so there is no Jaeger'] : []),
      ...(browser === undefined ? [`the page is not looked at: ${CHROMIUM_MISSING}`] : []),
    ],
    async close() {
      await Promise.all([jaeger?.stop(), browser?.close()])
    },
  }
}
