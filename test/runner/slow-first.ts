/** Files that take longest. They begin first, so that none of them runs alone at the end; `npm test` tells which are slow. */
const SLOW: readonly string[] = []

/** The slow ones as they are listed, then the others by name. */
export function slowFirst(files: readonly string[]): string[] {
  const rank = (file: string): number => {
    const at = SLOW.findIndex(name => file.endsWith(`/${name}.test.ts`))
    return at === -1 ? SLOW.length : at
  }
  return [...files].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
}
