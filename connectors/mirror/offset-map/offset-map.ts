/** Where a consumer that committed an offset on one side goes on at the other. */
export interface Translation {
  readonly offset: number
  /** `low`: nothing is skipped; records may be read again. */
  readonly exactness: 'exact' | 'low'
}

/** A committed source offset and the target offset that is its exact translation. */
export interface OffsetPair {
  readonly source: number
  readonly target: number
}

/** Which target offset each copied record of one partition has, to be asked in both directions. Offsets are those of the next record to read. */
export interface OffsetMap {
  /** Of the source topic whose records it knows, 32 hexadecimal digits; null = not known. */
  readonly topicId: string | null

  /** Behind all that is known, on both sides; null = nothing is. */
  readonly end: OffsetPair | null

  /** From source to target. Null: lies before everything known. */
  translate(source: number): Translation | null

  /**
   * From target to source, for a consumer of the copy: nothing that it would still have read there is skipped.
   * Null: lies before everything known.
   */
  translateBack(target: number): Translation | null

  /** Whether the record at this target offset is known to be a copy. Superseded first copies are not: a later copy counts. */
  isCopy(target: number): boolean

  /** The last source offset at or below `source` that is translated exactly. */
  knownAtOrBelow(source: number): OffsetPair | null

  /** The first source offset above `source` at which something known starts. */
  knownAbove(source: number): OffsetPair | null
}
