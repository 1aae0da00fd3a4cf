/** Where to listen. */
export interface ListenAddress {
  readonly host: string
  /** 0 = a free one. */
  readonly port: number
}

/** `127.0.0.1:8083`, `[::1]:8083`, `:8083` for all addresses; undefined for anything else. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:/[\]]*)):(\d{1,5})$/i.exec(text.trim())
  const port = Number(match?.[3])
  if (match === null || port > 65_535) return undefined
  return { host: match[1] ?? (match[2] || '0.0.0.0'), port }
}

/** Nobody is to listen. */
export function isNone(text: string | undefined): boolean {
  return text === undefined || text.trim() === '' || text.trim() === 'none'
}
