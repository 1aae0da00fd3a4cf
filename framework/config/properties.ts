import { readFileSync } from 'node:fs'
import { Properties } from 'properties-file/parser'
import { ConfigError } from '../api/connect-error.ts'

/** What a Java properties file says: keys to values, both unescaped. */
export type PropertyMap = Readonly<Record<string, string>>

/**
 * Parses the text of a properties file as `java.util.Properties.load(InputStream)` does: the last of duplicate keys wins, unknown escapes lose
 * their backslash, the blanks before a value are dropped and those after it are kept. The result has no prototype, so every key is safe.
 *
 * @param bytes the file's bytes (ISO-8859-1, `\uXXXX` for the rest)
 * @throws Error for a malformed `\uXXXX`
 */
export function parseProperties(bytes: Uint8Array): PropertyMap {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const entries: Record<string, string> = Object.create(null)
  for (const node of new Properties(withoutLoneBackslashes(text)).nodes) {
    if (node.type === 'property') entries[node.key] = node.value
  }
  return Object.freeze(entries)
}

/** Reads and parses a file. Throws `ConfigError` when it cannot be read or has a malformed escape. */
export function readPropertiesFile(path: string): PropertyMap {
  try {
    return parseProperties(readFileSync(path))
  } catch (error) {
    throw new ConfigError([{ key: path, message: `${reason(error)}; give the path of a readable Java properties file` }])
  }
}

/**
 * Java takes the line after one that holds nothing but a backslash for a new line (a comment, say); the library takes it for the rest of a
 * property. Without such lines both agree. (Where one ends the file, Java may add an entry with an empty key, depending on the line's end; here
 * it never does.)
 */
function withoutLoneBackslashes(text: string): string {
  const lines = text.split(/\r\n|\r|\n/)
  const kept = lines.filter(line => !/^[ \t\f]*\\$/.test(line))
  return kept.length === lines.length ? text : kept.join('\n')
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'the file may not be read by this user'
  if (code === 'EISDIR') return 'this is a directory'
  return error.message
}
