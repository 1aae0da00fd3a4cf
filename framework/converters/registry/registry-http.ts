import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { text as textOf } from 'node:stream/consumers'
import type { RegistryTls } from './registry-tls.ts'

const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json'

export interface HttpAnswer {
  readonly status: number
  readonly text: string
}

export interface HttpQuestion {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly authorization: string | undefined
  readonly body?: object
  /** Of the whole exchange. */
  readonly signal: AbortSignal
}

/** One question over a connection of its own: they are few, and none is found dead. Rejects where nobody answers. */
export async function askOverHttp(tls: RegistryTls, question: HttpQuestion): Promise<HttpAnswer> {
  const { method, url, authorization, body, signal } = question
  const text = body === undefined ? '' : JSON.stringify(body)
  const headers = {
    accept: MEDIA_TYPE,
    ...(authorization !== undefined && { authorization }),
    ...(body !== undefined && { 'content-type': MEDIA_TYPE, 'content-length': Buffer.byteLength(text) }),
  }
  const options = { method, headers, signal, agent: false }
  return new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? requestHttps(url, { ...options, ...tls }) : requestHttp(url, options)
    request.once('error', reject)
    request.once('response', response => {
      textOf(response).then(answer => resolve({ status: response.statusCode ?? 0, text: answer }), reject)
    })
    request.end(text)
  })
}
