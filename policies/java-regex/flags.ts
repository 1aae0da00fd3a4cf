/** Inline flags in force: `i` ignore the case of ASCII, `m` lines, `s` dot takes all, `d` only `\n` ends a line, `x` comments. */
export interface Flags {
  readonly i: boolean
  readonly m: boolean
  readonly s: boolean
  readonly d: boolean
  readonly x: boolean
}

export type Flag = keyof Flags

const ALL: readonly Flag[] = ['i', 'm', 's', 'd', 'x']

export function isFlag(letter: string): letter is Flag {
  return (ALL as readonly string[]).includes(letter)
}

export function parseFlags(letters: string): Flags {
  const has = (flag: Flag): boolean => letters.includes(flag)
  return { i: has('i'), m: has('m'), s: has('s'), d: has('d'), x: has('x') }
}

export function formatFlags(flags: Flags): string {
  return ALL.filter(flag => flags[flag]).join('')
}
