import { ConnectError } from '../../../framework/api/index.ts'
import { deferred } from '../../../framework/flow/index.ts'
import type { Placement } from './placement.ts'

/** A move that this member was told to ask the others for. */
export class AskedMove {
  readonly to: string
  readonly epoch: number
  readonly #outcome = deferred()

  constructor(to: string, epoch: number) {
    this.to = to
    this.epoch = epoch
  }

  /** The group consumes there by now. */
  learned(place: Placement): void {
    if (place.epoch < this.epoch) return
    if (place.active === this.to) this.#outcome.resolve()
    else this.fail('MOVE_SUPERSEDED', `the group has moved to ${place.active} meanwhile`)
  }

  fail(code: string, message: string): void {
    this.#outcome.reject(moveError(code, message))
  }

  /** Resolves when the group is there. @param why it did not come to that in time */
  async outcome(timeoutMs: number, why: () => string): Promise<void> {
    const expire = (): void => this.fail('NOT_AGREED', `the group has not moved to ${this.to} within ${timeoutMs} ms: ${why()}`)
    const limit = setTimeout(expire, timeoutMs)
    try {
      await this.#outcome.promise
    } finally {
      clearTimeout(limit)
    }
  }
}

export const moveError = (code: string, message: string): ConnectError =>
  new ConnectError(code, message, { kind: 'retriable', stage: 'group-membership' })
