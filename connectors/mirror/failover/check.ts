/** What speaks for or against a move. */
export interface Check {
  /** Stable, for programs: `flow-caught-up`. */
  readonly name: string
  /** `note` = worth knowing; `refused` = nothing is done; `forced` = would be refused without `--force`. */
  readonly outcome: 'ok' | 'note' | 'refused' | 'forced'
  /** With what to do about it. */
  readonly message: string
}

export const ok = (name: string, message: string): Check => ({ name, outcome: 'ok', message })
export const note = (name: string, message: string): Check => ({ name, outcome: 'note', message })
/** Cannot be forced. */
export const refused = (name: string, message: string): Check => ({ name, outcome: 'refused', message })

/** Refused, or done all the same. */
export const unlessForced = (force: boolean, name: string, message: string): Check => ({
  name,
  outcome: force ? 'forced' : 'refused',
  message,
})

export const isRefused = (checks: readonly Check[]): boolean => checks.some(({ outcome }) => outcome === 'refused')

const SHOWN = 5

/** The first few, and how many there are beside: for messages. */
export function listed(items: readonly string[]): string {
  const more = items.length - SHOWN
  return `${items.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
