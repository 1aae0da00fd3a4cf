import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { Refusal } from './refusal.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/**
 * Keeps pages of other sites that are open in a browser here from reading or changing anything. Behind a loopback address only names of this machine are
 * answered, so no other name can be pointed at it; what changes something has to come from a page of its own, or from no page.
 * @param host what is listened on @throws Refusal 403
 */
export function checkOrigin({ headers, method }: Pick<IncomingMessage, 'headers' | 'method'>, host: string): void {
  const asked = hostOf(`http://${headers.host ?? ''}`)
  if (isLoopback(host) && asked !== host && !isLoopback(asked)) {
    throw new Refusal(403, `${headers.host} is no name of this machine; ask for localhost`)
  }
  const { origin } = headers
  if (method === 'GET' || method === 'HEAD' || origin === undefined) return
  if (authorityOf(origin) !== authorityOf(`http://${headers.host}`))
    throw new Refusal(403, `Pages of ${origin} may not change anything here`)
}

function isLoopback(host: string): boolean {
  const family = isIP(host)
  return family === 0 ? host === 'localhost' : loopback.check(host, family === 4 ? 'ipv4' : 'ipv6')
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : ''
}

function authorityOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}
