import type { OutgoingHttpHeaders } from 'node:http'

export type Method = 'GET' | 'PUT'

/** What is answered at one path. GET answers HEAD as well. */
export interface Route {
  readonly method: Method
  /** `/status`, or `/assets/*` for all that is below it. */
  readonly path: string
  /** Called for each request. What it throws is logged and answered with 500. */
  handle(request: RouteRequest): Answer | StreamAnswer | Promise<Answer | StreamAnswer>
}

export interface RouteRequest {
  /** As it was asked for, decoded. */
  readonly path: string
  /** What `*` of the route's path stands for; empty for a path without one. */
  readonly rest: string
  readonly query: URLSearchParams
  /** The JSON of a PUT, not checked in any way; undefined for GET. */
  readonly body: unknown
}

export interface Answer {
  /** 200 by default. */
  readonly status?: number
  readonly contentType: string
  readonly headers?: OutgoingHttpHeaders
  readonly body: string | Uint8Array
}

/** An answer that goes on until one side has enough. */
export interface StreamAnswer {
  readonly contentType: string
  /** Called once, when the head has been sent. */
  open(to: Listener): void
}

/** Somebody who reads a stream. */
export interface Listener {
  /** Whether something that was sent has not gone yet: what is sent now would wait here. */
  readonly isBehind: boolean
  send(text: string): void
  /** Called once, however it ends. */
  onClose(closed: () => void): void
  /** At once: what has not gone is dropped. */
  drop(): void
}

export function textAnswer(status: number, text: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${text}\n` }
}

export function jsonAnswer(value: unknown, status = 200): Answer {
  return { status, contentType: 'application/json; charset=utf-8', body: `${JSON.stringify(value)}\n` }
}
