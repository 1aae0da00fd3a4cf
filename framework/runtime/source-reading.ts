import type { Subscription } from 'rxjs'
import type { ConnectError, SourceBatch, SourceTask } from '../api/index.ts'
import { ByteWindow } from '../flow/index.ts'
import { contractBroken, toConnectError } from './errors.ts'

export interface SourceReadingOptions {
  readonly taskId: string
  readonly task: SourceTask
  readonly windowBytes: number
  readonly permitBytes: number
  readonly maxRecords: number
  /** Batches that came and are not answered. */
  readonly unanswered: () => number
  /** The answer to one demand. */
  readonly onBatch: (batch: SourceBatch) => void
  /** The task's stream has completed. */
  readonly onEnd: () => void
  /** It has ended with an error: what came before is sound. */
  readonly onError: (error: ConnectError) => void
  /** The task did what it must not. */
  readonly onBroken: (error: ConnectError) => void
}

/** Asks a task for batches while the window has room, until it ends or is told to. */
export class SourceReading {
  readonly window: ByteWindow
  readonly #options: SourceReadingOptions
  readonly #stopping = new AbortController()
  #longPoll = new AbortController()
  #subscription: Subscription | undefined
  #hasEnded = false

  constructor(options: SourceReadingOptions) {
    this.#options = options
    this.window = new ByteWindow({ ...options, capacityBytes: options.windowBytes, signal: this.#longPoll.signal })
  }

  /** Nothing more comes. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Aborted = nothing more is demanded. */
  get signal(): AbortSignal {
    return this.#stopping.signal
  }

  /** Once. */
  start(): void {
    const { taskId, task, onError, onBroken } = this.#options
    try {
      this.#subscription = task.batches(this.window.demand$).subscribe({
        next: batch => this.#onBatch(batch),
        error: (error: unknown) => onError(toConnectError(error, 'TASK_FAILED', 'poll', taskId)),
        complete: () => this.#onComplete(),
      })
      if (this.#hasEnded) this.#subscription.unsubscribe()
    } catch (error) {
      onBroken(toConnectError(error, 'TASK_FAILED', 'poll', taskId))
    }
  }

  /** Demands nothing more until `resume`; a long poll ends, what is on its way is finished. */
  pause(): void {
    this.window.pause()
    this.#longPoll.abort()
  }

  resume(): void {
    if (this.#stopping.signal.aborted) return
    this.#longPoll = new AbortController()
    this.window.resume(this.#longPoll.signal)
  }

  /** Demands nothing more; what was demanded still comes. */
  drain(): void {
    this.#stopping.abort()
    this.#longPoll.abort()
    this.window.complete()
  }

  /** Takes nothing more either. */
  end(): void {
    this.drain()
    this.#hasEnded = true
    this.#subscription?.unsubscribe()
  }

  #onBatch(batch: SourceBatch): void {
    if (this.#hasEnded) return
    const { taskId, unanswered, onBatch, onBroken } = this.#options
    if (this.window.outstanding > unanswered()) onBatch(batch)
    else onBroken(contractBroken(taskId, 'emitted a batch without a demand: each gets one, empty if need be'))
  }

  #onComplete(): void {
    this.#hasEnded = true
    this.window.complete()
    this.#options.onEnd()
  }
}
