/** Files that take longest. They begin first, so that none of them runs alone at the end; `npm test` tells which are slow. */
const SLOW: readonly string[] = [
  'recovery-leaders',
  'recovery-brokers',
  'recovery-mirrormaker',
  'interchange-checkpoints',
  'recovery-odds',
  'kafka-tool',
  'cli-running',
  'new',
  'recovery-takeover',
  'demo',
  'recovery-restart',
  'failover-consumer',
  'examples-migration',
  'traces',
  'failover-back-identity',
  'mirror-fidelity',
  'topic-log',
  'mirror-topics',
  'sessions',
]

/** The slow ones as they are listed, then the others by name. */
export function slowFirst(files: readonly string[]): string[] {
  const rank = (file: string): number => {
    const at = SLOW.findIndex(name => file.endsWith(`/${name}.test.ts`))
    return at === -1 ? SLOW.length : at
  }
  return [...files].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
}
