import { setTimeout as sleep } from 'node:timers/promises'
import { TryingCollector } from '../../kafka/trying-collector.ts'
import { freePorts } from '../../kafka-tool/ports.ts'
import type { Contestant, Job } from '../contestants/contestant.ts'
import { mirrorProperties, writeProperties } from '../contestants/mirror-properties.ts'
import { isthmusProgram } from '../paths.ts'
import { type StartedProcess, startProcess } from '../processes.ts'

/** A way to run the same mirror. */
export interface Variant {
  readonly name: string
  readonly title: string
  readonly collector?: 'good' | 'down' | 'slow' | 'full'
  readonly signals?: 'traces' | 'both'
  readonly properties?: Readonly<Record<string, string>>
  readonly look?: 'scrape' | 'stream'
}

/** The first is what the others are compared with; the second, the same once more, tells what a difference means. */
export const VARIANTS: readonly Variant[] = [
  { name: 'off', title: 'no telemetry' },
  { name: 'off-again', title: 'the same, for the noise' },
  { name: 'metrics', title: '/metrics served, and asked for once a second', look: 'scrape' },
  { name: 'stream', title: '/status/stream served, and one listener', look: 'stream' },
  { name: 'traces', title: 'traces at the default ratio, collector good', collector: 'good', signals: 'traces' },
  { name: 'both', title: 'traces and metrics (once a second), collector good', collector: 'good', signals: 'both' },
  { name: 'down', title: 'the same, collector down', collector: 'down', signals: 'both' },
  { name: 'slow', title: 'the same, collector never answers', collector: 'slow', signals: 'both' },
  { name: 'full', title: 'the same, collector answers 503', collector: 'full', signals: 'both' },
  {
    name: 'ratio-0',
    title: 'traces of slow and failed batches only, collector good',
    collector: 'good',
    signals: 'traces',
    properties: { 'isthmus.trace.ratio': '0' },
  },
  {
    name: 'ratio-1',
    title: 'traces of every batch, collector good',
    collector: 'good',
    signals: 'traces',
    properties: { 'isthmus.trace.ratio': '1' },
  },
]

const SCRAPE_MS = 1_000

/** The mirror run so, as what `runCopy` starts. */
export const contestantOf = (variant: Variant): Contestant => ({
  name: 'isthmus',
  settings: variant.title,
  isMirror: true,
  start: job => startVariant(variant, job),
})

const startVariant = async ({ name, collector, signals, properties, look }: Variant, job: Job): Promise<StartedProcess> => {
  const [port] = await freePorts(1)
  const { endpoint, close } = await openCollector(collector)
  const file = writeProperties(`telemetry-${name}`, { ...mirrorProperties(job), ...properties })
  const listen = look === undefined ? [] : ['--listen', `127.0.0.1:${port}`]
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: 'production',
    ...(endpoint && { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_METRIC_EXPORT_INTERVAL: '1000' }),
    ...(signals === 'traces' && { OTEL_METRICS_EXPORTER: 'none' }),
  }
  const args = [isthmusProgram, 'mirror', file, '--clusters', 'target', ...listen]
  const started = await startProcess(process.execPath, args, { env })
  const looking = look === undefined ? Promise.resolve() : watch(look, `http://127.0.0.1:${port}`, started)
  const exited = Promise.all([started.exited, looking]).then(async ([code]) => {
    await close()
    return code
  })
  return {
    ...started,
    exited,
    stop: async graceMs => {
      await started.stop(graceMs)
      return exited
    },
  }
}

interface OpenCollector {
  readonly endpoint: string | undefined
  readonly close: () => Promise<void>
}

const openCollector = async (kind: Variant['collector']): Promise<OpenCollector> => {
  if (kind === undefined) return { endpoint: undefined, close: async () => undefined }
  if (kind === 'down') {
    const [port] = await freePorts(1)
    return { endpoint: `http://127.0.0.1:${port}`, close: async () => undefined }
  }
  const collector = await new TryingCollector().start()
  if (kind === 'slow') collector.respond = () => undefined
  if (kind === 'full') collector.respond = response => void response.writeHead(503, { 'retry-after': '1' }).end()
  return { endpoint: collector.url, close: () => collector.close() }
}

/** Until the process has ended. */
const watch = async (look: 'scrape' | 'stream', url: string, { exited }: StartedProcess): Promise<void> => {
  const ended = new AbortController()
  void exited.then(() => ended.abort())
  while (!ended.signal.aborted) {
    try {
      const response = await fetch(`${url}/${look === 'scrape' ? 'metrics' : 'status/stream'}`, { signal: ended.signal })
      for await (const _ of response.body ?? []) if (ended.signal.aborted) break
    } catch (error) {
      // It does not listen yet, or not any more.
      if (!(error instanceof Error)) throw error
    }
    await sleep(SCRAPE_MS)
  }
}
