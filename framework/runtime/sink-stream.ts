import { Subject, type Subscription } from 'rxjs'
import type { ConnectError, SinkAck, SinkBatch, SinkTask } from '../api/index.ts'
import { Backoff, type BackoffOptions, deferred, sleep } from '../flow/index.ts'
import { contractBroken, toConnectError } from './errors.ts'

export interface SinkStreamOptions {
  readonly taskId: string
  readonly task: SinkTask
  /** Before `deliver` is called again after a retriable error. */
  readonly backoff: BackoffOptions
  readonly onAck: (ack: SinkAck) => void
  /** The task has dropped what it had; `deliver` is called again after the delay. */
  readonly onInterrupted: (error: ConnectError, delayMs: number) => void
  /** It can be delivered to: at the start, and again after each interruption. */
  readonly onOpen: () => void
  /** The task has failed; nothing can be delivered any more. */
  readonly onFailed: (error: ConnectError) => void
}

/** The task's `deliver`, called once, and again after each retriable error. */
export class SinkStream {
  readonly #options: SinkStreamOptions
  readonly #backoff: Backoff
  readonly #stopping = new AbortController()
  readonly #ended = deferred()
  #batch$: Subject<SinkBatch> | null = null
  #subscription: Subscription | undefined

  constructor(options: SinkStreamOptions) {
    this.#options = options
    this.#backoff = new Backoff(options.backoff)
  }

  get isOpen(): boolean {
    return this.#batch$ !== null && !this.#stopping.signal.aborted
  }

  /** Once. Calls `onOpen` before it returns, unless the task fails at once. */
  start(): void {
    const batch$ = new Subject<SinkBatch>()
    this.#batch$ = batch$
    try {
      const { task, onAck } = this.#options
      const subscription = task.deliver(batch$.asObservable()).subscribe({
        next: ack => onAck(ack),
        error: (error: unknown) => this.#onError(error),
        complete: () => this.#onComplete(),
      })
      if (this.#batch$ !== batch$) return
      this.#subscription = subscription
    } catch (error) {
      this.#onError(error)
      return
    }
    this.#options.onOpen()
  }

  deliver(batch: SinkBatch): void {
    this.#batch$?.next(batch)
  }

  /** Something was acknowledged: the next interruption is a new one. */
  progressed(): void {
    this.#backoff.reset()
  }

  /** No more batches; resolves when the task's stream has ended, however. */
  complete(): Promise<void> {
    this.#stopping.abort()
    if (this.#batch$ === null) this.#ended.resolve()
    else this.#batch$.complete()
    return this.#ended.promise
  }

  /** Unsubscribes: nothing comes of the task any more. */
  abort(): void {
    this.#stopping.abort()
    this.#subscription?.unsubscribe()
    this.#batch$ = null
    this.#ended.resolve()
  }

  #onComplete(): void {
    if (this.#stopping.signal.aborted) {
      this.abort()
      return
    }
    const what = 'completed the stream of its acknowledgements before its batches were complete'
    this.#onError(contractBroken(this.#options.taskId, what))
  }

  #onError(error: unknown): void {
    this.#batch$ = null
    const { taskId, onFailed, onInterrupted } = this.#options
    const failure = toConnectError(error, 'TASK_FAILED', 'deliver', taskId)
    if (!failure.retriable || this.#stopping.signal.aborted) {
      this.abort()
      onFailed(failure)
      return
    }
    const delayMs = this.#backoff.next()
    onInterrupted(failure, delayMs)
    void sleep(delayMs, this.#stopping.signal).then(() => {
      if (!this.#stopping.signal.aborted) this.start()
    })
  }
}
