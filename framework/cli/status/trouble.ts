const START = 'start the mirror or worker with --listen host:port (or isthmus.http.listen in its file), or give its address'

const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: `nothing listens there; ${START}`,
  ENOTFOUND: 'no such host is known; check the name',
  EAI_AGAIN: 'the name could not be looked up; check the name, and the name server',
  EHOSTUNREACH: 'there is no way to that host; check the address, and the network',
  ENETUNREACH: 'there is no way to that network; check the address, and the network',
  ECONNRESET: 'the connection was closed without an answer; check that it is the port of isthmus, and http or https as it has it',
}

/** Why nothing was answered, and what to do about it. @param afterMs waited in vain for so long */
export function troubleOf(error: unknown, url: URL, afterMs: number | undefined): string {
  if (afterMs !== undefined)
    return `no answer within ${afterMs / 1000} s; check that it is the port of isthmus, and whether that process hangs (its log, its CPU)`
  const { code, message } = errorOf(error)
  if (code.startsWith('HPE_'))
    return `what answers there does not speak HTTP (${message}); give the address of an isthmus that listens`
  if (/^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_SSL|EPROTO)/.test(code))
    return `the TLS connection failed (${message}); ${tlsRemedy(url)}`
  return MEANINGS[code] ?? `could not be asked: ${message}; ${START}`
}

/** Of several addresses of a host, that which the first one says. */
function errorOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return errorOf(error.errors[0])
  if (!(error instanceof Error)) return { code: '', message: String(error) }
  return { code: (error as NodeJS.ErrnoException).code ?? '', message: error.message.trim() }
}

function tlsRemedy(url: URL): string {
  return `isthmus itself speaks plain HTTP: give http://${url.host}, or what the proxy before it needs (NODE_EXTRA_CA_CERTS for its CA)`
}
