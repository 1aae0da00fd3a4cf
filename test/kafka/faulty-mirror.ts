import type { StatusReport } from '../../framework/api/index.ts'
import type { Jaeger } from '../jaeger-tool/index.ts'
import type { KafkaCluster } from '../kafka-tool/index.ts'
import { type LogLine, MirrorProcess, mirrorProperties } from './mirror-process.ts'
import { type Scrape, scraped } from './scrape.ts'
import { statusOf, streamed } from './status-reader.ts'

/** Kafka Connect's own, which decide how soon a target is missed that nothing is written to. */
const DEFAULT_SESSION = { 'B.session.timeout.ms': '10000', 'B.heartbeat.interval.ms': '3000' }

export interface Stopping {
  after(job: () => Promise<unknown>): void
}

type Properties = Readonly<Record<string, string>>

/** `isthmus mirror` with all that it can tell switched on: flows of several names for one source, each with topics of its own. */
export class FaultyMirror {
  readonly process: MirrorProcess
  readonly url: string

  private constructor(process: MirrorProcess, url: string) {
    this.process = process
    this.url = url
  }

  /**
   * Ends with the test at the latest. Resolves when all of its flows run.
   * @param flows settings of each by the name of its source; keys without a prefix are the flow's
   */
  static async start(
    t: Stopping,
    {
      source,
      target,
      jaeger,
    }: { readonly source: KafkaCluster; readonly target: KafkaCluster; readonly jaeger?: Jaeger | undefined },
    flows: Readonly<Record<string, Properties>>,
  ): Promise<FaultyMirror> {
    const { clusters: _, ...common } = mirrorProperties(source, target, DEFAULT_SESSION)
    const named = Object.entries(flows).flatMap(([alias, own]) => [
      ...Object.entries(common)
        .filter(([key]) => key.startsWith('A'))
        .map(([key, value]) => [key.replace(/^A/, alias), value]),
      ...Object.entries(own).map(([key, value]) => [`${alias}->B.${key}`, value]),
      [`${alias}.consumer.fetch.max.wait.ms`, '100'],
    ])
    const properties = {
      ...Object.fromEntries(Object.entries(common).filter(([key]) => !key.startsWith('A'))),
      clusters: [...Object.keys(flows), 'B'].join(', '),
      'isthmus.trace.ratio': '1',
      'offset-syncs.topic.location': 'target',
      'emit.checkpoints.interval.seconds': '1',
      'refresh.groups.interval.seconds': '1',
      ...Object.fromEntries(named),
    }
    const process = new MirrorProcess({
      properties,
      args: ['--listen', '127.0.0.1:0', '--clusters', 'B'],
      env: jaeger === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: jaeger.otlpEndpoint },
    })
    t.after(() => process.kill())
    const { url } = await process.waitFor('where its status is', ({ msg }) => msg.startsWith('The status page is at '))
    for (const alias of Object.keys(flows)) {
      await process.waitFor(`${alias} runs`, ({ msg }) => msg.startsWith(`Flow ${alias}->B: RUNNING`))
    }
    return new FaultyMirror(process, String(url))
  }

  /** A line of the log since this moment. */
  logged(sinceMs: number, isIt: (line: LogLine) => boolean): LogLine | undefined {
    return this.process.lines.find(line => Date.parse(line.time) >= sinceMs && line.level !== 'debug' && isIt(line))
  }

  status(): Promise<StatusReport> {
    return statusOf(this.url)
  }

  scraped(what: string, isEnough: (shown: Scrape) => boolean): Promise<Scrape> {
    return scraped(this.url, what, isEnough)
  }

  awaitStatus(what: string, isEnough: (report: StatusReport) => boolean): Promise<StatusReport> {
    return streamed(this.url, what, isEnough)
  }
}
