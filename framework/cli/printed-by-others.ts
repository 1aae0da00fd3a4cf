/** A stream of which somebody writes the foot, and others, who know nothing of that, write lines. */
export interface SharedStream {
  /** Writes to the stream itself. */
  readonly foot: NodeJS.WriteStream
  /** Others write to the stream itself again; what has no end of line yet is written. */
  release(): void
}

/**
 * Whatever is written to the stream from now on is handed over in whole lines, without the end of the last one: connectors and libraries print
 * when they like, and would write into what is refreshed in place.
 */
export function shareStream(stream: NodeJS.WriteStream, onLines: (lines: string) => void): SharedStream {
  const write = stream.write.bind(stream)
  const foot: NodeJS.WriteStream = Object.create(stream, { write: { value: write } })
  let open = ''
  const shared = (chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
    open += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
    const end = open.lastIndexOf('\n')
    if (end >= 0) onLines(open.slice(0, end))
    open = open.slice(end + 1)
    const done = rest.find((each): each is () => void => typeof each === 'function')
    if (done === undefined) return !stream.writableNeedDrain
    return write('', done)
  }
  Object.defineProperty(stream, 'write', { value: shared, configurable: true, writable: true })
  return {
    foot,
    release() {
      Reflect.deleteProperty(stream, 'write')
      if (open !== '') write(`${open}\n`)
    },
  }
}
