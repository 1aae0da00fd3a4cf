import type { TestContext } from 'node:test'
import type { KafkaCluster } from '../kafka-tool/index.ts'
import { MirrorProcess, mirrorProperties } from './mirror-process.ts'
import { type Scrape, scrape, scraped } from './scrape.ts'

/** `isthmus mirror` from A to B in a process of its own, whose figures can be read. */
export class WatchedMirror {
  readonly process: MirrorProcess
  readonly url: string

  private constructor(process: MirrorProcess, url: string) {
    this.process = process
    this.url = url
  }

  /** Ends with the test at the latest. Resolves when its figures can be read. */
  static async start(
    t: TestContext,
    { source, target }: { readonly source: KafkaCluster; readonly target: KafkaCluster },
    { topics, more = {}, env = {} }: { readonly topics: string; readonly more?: Properties; readonly env?: Properties },
  ): Promise<WatchedMirror> {
    const properties = mirrorProperties(source, target, {
      'A->B.topics': topics,
      'A.consumer.fetch.max.wait.ms': '100',
      'isthmus.http.listen': '127.0.0.1:0',
      ...more,
    })
    const process = new MirrorProcess({ properties, env })
    t.after(() => process.kill())
    const { url } = await process.waitFor('where its metrics are', ({ msg }) => msg.startsWith('The status page is at '))
    return new WatchedMirror(process, String(url))
  }

  scrape(): Promise<Scrape> {
    return scrape(this.url)
  }

  /** The first figures that will do. */
  scraped(what: string, isEnough: (shown: Scrape) => boolean, withinMs?: number): Promise<Scrape> {
    return scraped(this.url, what, isEnough, withinMs)
  }

  /** All that is at the source is on the target. */
  async caughtUp(records: number, withinMs?: number): Promise<Scrape> {
    const isDone = (shown: Scrape): boolean => flowLag(shown) === 0 && flowRecords(shown) >= records
    return this.scraped(`${records} records copied, no lag`, isDone, withinMs)
  }
}

type Properties = Readonly<Record<string, string>>

/** Undefined = the mirror says that it does not know. */
export function flowLag(shown: Scrape): number | undefined {
  return shown.value('isthmus_flow_lag_records', { source: 'A' })
}

export function flowRecords(shown: Scrape): number {
  return shown.value('isthmus_flow_records_total', { source: 'A' }) ?? 0
}

/** Of a partition of the source, by the names that begin with `isthmus_partition_`. */
export function ofPartition(shown: Scrape, figure: string, topic: string, partition: number): number | undefined {
  const labels = { flow: 'A->B', connector: 'MirrorSourceConnector', partition: `${topic}-${partition}` }
  return shown.value(`isthmus_partition_${figure}`, labels)
}

/** By MirrorMaker 2's names. */
export function ofCopy(shown: Scrape, figure: string, topic: string, partition: number): number | undefined {
  const labels = { source: 'A', target: 'B', topic: `A.${topic}`, partition: String(partition) }
  return shown.value(`kafka_connect_mirror_mirrorsourceconnector_${figure}`, labels)
}
