import type { OutgoingHttpHeaders } from 'node:http'
import type { Answer } from './route.ts'
import { textAnswer } from './route.ts'

/** A request that is not served: its status and why. */
export class Refusal extends Error {
  readonly answer: Answer

  constructor(status: number, message: string, headers?: OutgoingHttpHeaders) {
    super(message)
    this.answer = { ...textAnswer(status, message), ...(headers !== undefined && { headers }) }
  }
}
