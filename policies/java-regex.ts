import { formatFlags, parseFlags } from './java-regex/flags.ts'
import { translate } from './java-regex/translate.ts'

export { JavaRegexError } from './java-regex/error.ts'

/** A Java regular expression, compiled. */
export interface JavaPattern {
  readonly source: string
  /** Flags still set where the pattern ends, e.g. `i` after `(?i)foo`: what is appended to it is read with them. */
  readonly flagsAtEnd: string
  /** Whether the whole text matches, as `java.util.regex.Matcher.matches()` says. */
  matches(text: string): boolean
}

/**
 * Compiles the syntax of `java.util.regex.Pattern` (JDK 17) to a JavaScript expression of the `v` flavour: code points, classes with unions and
 * intersections, quoting, possessive quantifiers and atomic groups, inline flags `imsdx`. Case is ignored for ASCII alone, as in Java.
 *
 * Refused, since JavaScript cannot say it: back references, `\G`, `\X`, `\N{…}`, `\b{g}`, blocks (`\p{InGreek}`), the flags `u` and `U`, and
 * possessive quantifiers or atomic groups inside a look-behind. `\b` knows ASCII words only, as Java does since JDK 19.
 *
 * @param flags set from the start, e.g. `i`
 * @throws JavaRegexError with position and remedy, also for what Java itself refuses
 */
export function compileJavaPattern(pattern: string, flags = ''): JavaPattern {
  const translated = translate(pattern, parseFlags(flags))
  const regexp = new RegExp(`^(?:${translated.source})$`, 'v')
  return { source: pattern, flagsAtEnd: formatFlags(translated.flags), matches: text => regexp.test(text) }
}
