import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'

/** Of each line without its end, in bytes; with an envelope the payload has as many. */
export const RECORD_BYTES = 100

export type LineKind = 'json' | 'envelope'

const SCHEMA = {
  type: 'struct',
  optional: false,
  fields: [
    { field: 'id', type: 'int64', optional: false },
    { field: 'user', type: 'string', optional: false },
    { field: 'kind', type: 'string', optional: false },
    { field: 'amount', type: 'double', optional: false },
    { field: 'paid', type: 'boolean', optional: false },
    { field: 'note', type: 'string', optional: true },
  ],
}
const ENVELOPE = `{"schema":${JSON.stringify(SCHEMA)},"payload":`
const LINES_PER_WRITE = 10_000

/** A purchase, other for each number below ten millions, in exactly RECORD_BYTES bytes of ASCII: all lines of a file have the same length. */
export const recordText = (n: number): string => {
  const id = 10_000_000 + n
  const user = `user-${String((n * 7_919) % 100_000).padStart(5, '0')}`
  const amount = 1_000 + ((n * 31) % 9_000) + 0.25
  const text = JSON.stringify({ id, user, kind: 'purchase', amount, paid: n % 2 === 0 ? true : null, note: '' })
  // `true` and `null` are of one length; a struct has no null there.
  return text.replace('"note":""', `"note":"${'n'.repeat(RECORD_BYTES - text.length)}"`)
}

const lineOf = (kind: LineKind, n: number): string =>
  kind === 'json' ? `${recordText(n)}\n` : `${ENVELOPE}${recordText(n).replace('null', 'true')}}\n`

export const writeLines = async (path: string, kind: LineKind, count: number): Promise<void> => {
  const file = createWriteStream(path)
  for (let from = 0; from < count; from += LINES_PER_WRITE) {
    const lines = Array.from({ length: Math.min(LINES_PER_WRITE, count - from) }, (_, i) => lineOf(kind, from + i))
    if (!file.write(lines.join(''))) await new Promise<void>(resolve => file.once('drain', resolve))
  }
  file.end()
  await finished(file)
}
