import { startJaeger } from '../../test/jaeger-tool/index.ts'
import { say } from '../shared/program.ts'
import type { Stage } from '../shared/stage.ts'

export interface Traces {
  /** For the mirror. */
  readonly env: Readonly<Record<string, string>>
  readonly whereToLook: string
}

/** The collector that the environment names, or a Jaeger of the demo's own. */
export async function traceTo(stage: Stage): Promise<Traces> {
  const env = { OTEL_TRACES_SAMPLER: 'always_on' }
  const endpoint = process.env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (endpoint !== undefined && endpoint !== '') {
    return { env, whereToLook: `\nEvery batch is a trace of the service isthmus, sent to ${endpoint}.` }
  }
  say('Starting Jaeger')
  const jaeger = await startJaeger({ report: line => console.log(`  ${line}`) })
  stage.own(() => jaeger.stop())
  const whereToLook = `
Every batch is a trace in Jaeger:

  all of them                  ${jaeger.url}/search?service=isthmus
  batches of one topic         ${jaeger.url}/search?service=isthmus&operation=mirror%20clicks
  what went wrong              ${jaeger.url}/search?service=isthmus&tags=%7B%22error%22%3A%22true%22%7D
  for programs                 curl '${jaeger.url}/api/traces?service=isthmus&limit=1'
`
  return { env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: jaeger.otlpEndpoint }, whereToLook }
}
