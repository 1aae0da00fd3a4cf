/** A pattern that Java refuses, or that has no equal in JavaScript. */
export class JavaRegexError extends Error {
  override readonly name = 'JavaRegexError'
  readonly pattern: string
  /** Index into the pattern, from 0. */
  readonly position: number
  readonly remedy: string

  constructor(pattern: string, position: number, problem: string, remedy: string) {
    super(`regular expression ${pattern}: ${problem} at position ${position}; ${remedy}`)
    this.pattern = pattern
    this.position = position
    this.remedy = remedy
  }
}
