/** A header: names may repeat and their order counts. */
export interface DecodedHeader {
  readonly key: string
  readonly value: Buffer | null
}

/** A record of a batch. Keys and values are views over the batch's bytes. */
export interface DecodedRecord {
  readonly offset: number
  /** Milliseconds since the epoch; -1 = none. */
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly DecodedHeader[]
}

/** What it takes to write a record: anything `DecodedRecord` or a connector's record offers. */
export interface EncodableRecord {
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[]
}
