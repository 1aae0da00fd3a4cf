import type { KafkaCluster } from '../kafka-tool/index.ts'
import { formatProperties } from '../kafka-tool/server-properties.ts'
import { Cli, tempFiles } from './cli-process.ts'
import { mirrorProperties } from './mirror-process.ts'
import { urlOf } from './scrape.ts'

export interface ObservedMirror {
  readonly cli: Cli
  /** Of its metrics. */
  readonly url: string
}

/** Mirror processes that are looked at over HTTP, several beside each other between the same two clusters. */
export class ObservedMirrors {
  readonly files = tempFiles()
  readonly #running: Cli[] = []

  /**
   * Resolves when its metrics can be asked for.
   * @param alias of the source: one name for each pair of clusters that is to be mirrored by itself
   */
  async start(
    alias: string,
    [source, target]: readonly [KafkaCluster, KafkaCluster],
    more: Readonly<Record<string, string>>,
  ): Promise<ObservedMirror> {
    const properties = mirrorProperties(source, target, {
      'A.consumer.fetch.max.wait.ms': '100',
      'B.session.timeout.ms': '6000',
      'emit.checkpoints.interval.seconds': '1',
      'refresh.groups.interval.seconds': '1',
      'isthmus.http.listen': '127.0.0.1:0',
      ...more,
    })
    const named = Object.entries(properties).map(([key, value]) => [key.replace(/^A(?=\.|->)/, alias), value] as const)
    const text = formatProperties({ ...Object.fromEntries(named), clusters: `${alias}, B` })
    return this.run('mirror', this.files.write(`${alias}.properties`, text), '--clusters', 'B')
  }

  /** Any command that serves metrics at a port that it logs. */
  async run(...args: readonly string[]): Promise<ObservedMirror> {
    const cli = new Cli(args)
    this.#running.push(cli)
    return { cli, url: await urlOf(cli) }
  }

  /** All that runs stores its offsets and ends. */
  stop(): Promise<void> {
    return this.#signal('SIGTERM')
  }

  /** Ends all that runs. */
  end(): Promise<void> {
    return this.#signal('SIGKILL')
  }

  async #signal(name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    for (const cli of this.#running) cli.signal(name)
    await Promise.all(this.#running.splice(0).map(cli => cli.ended))
  }
}
