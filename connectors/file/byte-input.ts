/**
 * What one attempt to read gave: so many bytes; `nothing` at present; `restarted` = what was read so far is over, bytes now come from the
 * beginning of a file; `ended` = nothing ever again.
 */
export type ReadOutcome = number | 'nothing' | 'restarted' | 'ended'

/** Where lines come from. */
export interface ByteInput {
  /** Ends waiting when the signal aborts. */
  read(into: Buffer, signal: AbortSignal): Promise<ReadOutcome>
  close(): Promise<void>
}
