import { type Sampler, SamplingDecision, type SamplingResult } from '@opentelemetry/sdk-trace'
import type { ExportRecord } from './export-record.ts'

const SAMPLED: SamplingResult = { decision: SamplingDecision.RECORD_AND_SAMPLED }
const NOT_MADE: SamplingResult = { decision: SamplingDecision.NOT_RECORD }

/** Every span is made, but none for a queue that has no room for it: what is lost anyway costs nothing. */
export class WhileRoom implements Sampler {
  readonly #queue: { readonly isFull: boolean }
  readonly #record: ExportRecord

  constructor(queue: { readonly isFull: boolean }, record: ExportRecord) {
    this.#queue = queue
    this.#record = record
  }

  shouldSample(): SamplingResult {
    if (!this.#queue.isFull) return SAMPLED
    this.#record.queueFull()
    return NOT_MADE
  }

  toString(): string {
    return 'WhileRoom'
  }
}
