import type { Side } from './clients.ts'
import type { ClusterPair } from './mirror-maker-config.ts'

type Properties = Readonly<Record<string, string>>

/** Finds the line of the file that a setting of a connector or client came from, so that findings name what the user wrote. */
export class NamesInFile {
  readonly #raw: Properties
  readonly #pair: ClusterPair

  constructor(raw: Properties, pair: ClusterPair) {
    this.#raw = raw
    this.#pair = pair
  }

  /** Of a connector's setting. Where nobody wrote it, where it would be written. */
  connector(key: string): string {
    return this.#first([`${this.#flow}.${key}`, key], /\.alias$|^name$/.test(key) ? key : `${this.#flow}.${key}`)
  }

  /** Of a setting of a connector's client. */
  client(side: Side, kind: string): (key: string) => string {
    const alias = this.#pair[side]
    return key =>
      this.#first(
        [
          `${this.#flow}.${side}.${kind}.${key}`,
          `${alias}.${kind}.${key}`,
          `${this.#flow}.${kind}.${key}`,
          `${this.#flow}.${side}.cluster.${key}`,
          `${alias}.${key}`,
          key,
        ],
        `${alias}.${key}`,
      )
  }

  /** Of a setting of the producer of records. */
  dataProducer(key: string): string {
    const { target } = this.#pair
    return this.#first(
      [`${this.#flow}.producer.override.${key}`, `${target}.producer.${key}`, `${target}.${key}`, key],
      `${target}.${key}`,
    )
  }

  /** Of a setting of the worker. */
  worker(key: string): string {
    const { target } = this.#pair
    const topLevelWins = /^(offset|config|status)\.storage|^task|^worker/.test(key)
    return this.#first(topLevelWins ? [key, `${target}.${key}`] : [`${target}.${key}`, key], `${target}.${key}`)
  }

  get #flow(): string {
    return `${this.#pair.source}->${this.#pair.target}`
  }

  #first(candidates: readonly string[], otherwise: string): string {
    return candidates.find(candidate => this.#raw[candidate] !== undefined) ?? otherwise
  }
}
