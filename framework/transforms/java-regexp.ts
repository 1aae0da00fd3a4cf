import { configProblem } from './config-problem.ts'

/**
 * A Java regular expression as JavaScript's: flags in front (`(?i)`), quoting (`\Q…\E`) and needless escapes are translated; what JavaScript
 * cannot say (possessive quantifiers, `\G`, `\h` …) is a `ConfigError`.
 */
export function javaRegExp(key: string, pattern: string): { readonly whole: RegExp; readonly part: RegExp } {
  const [, letters = '', rest = ''] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(pattern) ?? []
  try {
    const source = translate(rest)
    return { whole: new RegExp(`^(?:${source})$`, `${letters}u`), part: new RegExp(source, `${letters}u`) }
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw configProblem(key, pattern, `is not a regular expression that can be used here: ${cause.message}`)
  }
}

/** Escapes of punctuation that JavaScript's `u` flavour does not take: `\-`, `\_`, `\"`. */
function translate(pattern: string): string {
  return pattern
    .replace(/\\Q(.*?)(?:\\E|$)/gs, (_, text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .replace(/\\([^a-zA-Z0-9\s])/gs, (escaped, char: string) =>
      /[\\^$.*+?()[\]{}|/]/.test(char) ? escaped : `\\x${char.codePointAt(0)!.toString(16).padStart(2, '0')}`,
    )
}

/** What Java's replacement means for a match: `$1`, `${name}`, `\$`. @throws ConfigError for an unknown group */
export function javaReplacement(key: string, replacement: string, regexp: RegExp): (match: RegExpExecArray) => string {
  const groups = new RegExp(`${regexp.source}|`, regexp.flags).exec('')!
  const parts = replacement.match(/\\.|\$\{[a-zA-Z][a-zA-Z0-9]*\}|\$\d+|\$|\\|[^\\$]+/gs) ?? []
  const makers = parts.map(part => {
    if (part.startsWith('\\') && part.length > 1) return () => part.slice(1)
    if (part.startsWith('${')) {
      const name = part.slice(2, -1)
      if (!Object.hasOwn(groups.groups ?? {}, name)) throw configProblem(key, replacement, `the regex has no group named ${name}`)
      return (match: RegExpExecArray) => match.groups?.[name] ?? ''
    }
    if (part.startsWith('$') && part.length > 1) return numbered(part.slice(1), groups.length, key, replacement)
    if (part === '$' || part === '\\')
      throw configProblem(key, replacement, `a single ${part} means nothing; write \\${part} for the character`)
    return () => part
  })
  return match => makers.map(make => make(match)).join('')
}

/** As many digits belong to the group's number as there is a group for; the rest is text. */
function numbered(digits: string, groups: number, key: string, replacement: string): (match: RegExpExecArray) => string {
  let length = digits.length
  while (length > 1 && Number(digits.slice(0, length)) >= groups) length--
  const group = Number(digits.slice(0, length))
  if (group >= groups) throw configProblem(key, replacement, `the regex has no group ${group}; it has ${groups - 1}`)
  return match => `${match[group] ?? ''}${digits.slice(length)}`
}
