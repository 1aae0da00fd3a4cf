import { parseArgs } from 'node:util'
import { JaegerToolError } from './errors.ts'
import { startJaeger } from './jaeger.ts'

const HELP = `Usage: npm run jaeger

Starts a Jaeger on loopback, with its traces in memory, and keeps it until Ctrl-C. The first time it is built from its Go module, which
takes some minutes and needs Go.

  page and query API   http://127.0.0.1:16686
  OTLP over HTTP       http://127.0.0.1:4318

Example:
  npm run jaeger
  OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 npx isthmus mirror mm2.properties

Exit codes: 0 stopped, 1 it could not be built or started, with the reason on stderr.`

const PORTS = { otlp: 4318, query: 16686, queryGrpc: 16685 }

const { values } = parseArgs({ options: { help: { type: 'boolean' } } })
if (values.help) console.log(HELP)
else {
  try {
    const jaeger = await startJaeger({ ports: PORTS, report: line => console.log(line) })
    console.log(`Jaeger: ${jaeger.url}, traces by OTLP to ${jaeger.otlpEndpoint}; Ctrl-C ends it`)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void jaeger.stop())
    await jaeger.exited
  } catch (error) {
    if (!(error instanceof JaegerToolError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
