import type { Type } from './codec.ts'

/** One version of one request of the Kafka protocol, with its response. */
export interface Message<Request, Response> {
  readonly name: string
  readonly apiKey: number
  readonly version: number
  /** Request header v2 and response header v1 (tagged fields), as all flexible versions have. */
  readonly flexible: boolean
  readonly request: Type<Request>
  readonly response: Type<Response>
}

export const message = <Request, Response>(declaration: Message<Request, Response>): Message<Request, Response> => declaration
