import { compileJavaPattern, type JavaPattern, JavaRegexError } from './java-regex.ts'

/** A list of patterns in a property: wrong ones are reported under its key. */
export class PatternListError extends Error {
  override readonly name = 'PatternListError'
  readonly key: string
  readonly value: string

  constructor(key: string, value: string, cause: JavaRegexError) {
    super(cause.message, { cause })
    this.key = key
    this.value = value
  }
}

/** Splits a Kafka list: blanks around commas and at both ends do not count, empty items do. */
export function splitList(value: string): readonly string[] {
  const trimmed = value.trim()
  return trimmed === '' ? [] : trimmed.split(/\s*,\s*/)
}

/** Names or Java regular expressions, comma separated; a name matches the list when it matches one item as a whole. */
export class PatternList {
  readonly #items: readonly string[]
  readonly #pattern: JavaPattern | null

  /**
   * The items are joined by `|` to one expression, so an alternative in brackets survives its comma: `a(b,c)` = `a(b|c)`.
   * @throws PatternListError when the expression is wrong or cannot be expressed in JavaScript
   */
  constructor(key: string, value: string) {
    this.#items = splitList(value)
    try {
      this.#pattern = this.#items.length === 0 ? null : compileJavaPattern(this.#items.join('|'))
    } catch (error) {
      if (error instanceof JavaRegexError) throw new PatternListError(key, value, error)
      throw error
    }
  }

  /** An empty list matches nothing. */
  matches(name: string): boolean {
    return this.#pattern?.matches(name) ?? false
  }

  /** The items that match none of the names. Items that mean nothing on their own are left out. */
  unmatched(names: Iterable<string>): readonly string[] {
    const left = new Map<string, JavaPattern>()
    let flags = ''
    for (const item of this.#items) {
      try {
        const pattern = compileJavaPattern(item, flags)
        flags = pattern.flagsAtEnd
        left.set(item, pattern)
      } catch (error) {
        if (!(error instanceof JavaRegexError)) throw error
      }
    }
    for (const name of names) {
      for (const [item, pattern] of left) if (pattern.matches(name)) left.delete(item)
      if (left.size === 0) break
    }
    return [...left.keys()]
  }
}
