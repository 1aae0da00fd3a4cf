import { isExact, type Tally, tally, tallyTable } from '../shared/tally.ts'

/** Orders, by what became of them. */
export interface Outcome {
  readonly written: readonly string[]
  /** Those that primary had when it was killed, and standby had not. */
  readonly lost: readonly string[]
  /** Those that `isthmus failback` listed as never copied. */
  readonly listed: readonly string[]
  readonly read: {
    /** Went on at the end of what standby had: never sees `lost`. */
    readonly billing: readonly string[]
    /** Was still before these when it came home: reads them there. */
    readonly reports: readonly string[]
  }
  /** What the clusters hold at the end. */
  readonly logs: { readonly primary: readonly string[]; readonly standby: readonly string[] }
}

function talliesOf({ written, lost, read, logs }: Outcome): readonly Tally[] {
  const isLost = new Set(lost)
  const copied = written.filter(order => !isLost.has(order))
  return [
    tally('billing', copied, read.billing),
    tally('reports', written, read.reports),
    tally('log of primary', written, logs.primary),
    tally('log of standby', copied, logs.standby),
  ]
}

function isListed({ lost, listed }: Outcome): boolean {
  return lost.length === listed.length && isExact(tally('', lost, listed))
}

export function outcomeLines(outcome: Outcome): readonly string[] {
  const { lost, listed } = outcome
  const verdict = isListed(outcome) ? 'the same' : 'NOT THE SAME'
  return [
    tallyTable(talliesOf(outcome)),
    `  orders that primary had and standby never got: ${lost.length}; listed by isthmus failback: ${listed.length}, ${verdict}`,
    '  billing went past their place on standby, so it has not read them; reports came home before it and has',
  ]
}

export function isKept(outcome: Outcome): boolean {
  return isListed(outcome) && talliesOf(outcome).every(isExact)
}
