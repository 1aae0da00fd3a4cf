/** Why a group of the target was not set. */
export type SyncSkip = 'in_use' | 'ahead' | 'past_end'

/** What became of the groups of one run that sets groups of the target. */
export interface SyncedGroups {
  set: number
  /** Offsets of the groups that were set. */
  offsets: number
  /** By a broker; tried again by the next run. */
  refused: number
  skipped: Record<SyncSkip, number>
}

export const nothingSynced = (): SyncedGroups => ({
  set: 0,
  offsets: 0,
  refused: 0,
  skipped: { in_use: 0, ahead: 0, past_end: 0 },
})

/** What setting groups of the target has come to; live. */
export class GroupSyncTotals {
  runs = 0
  set = 0
  offsets = 0
  refused = 0
  /** Of the last run over all groups. */
  skipped: Readonly<SyncedGroups['skipped']> = nothingSynced().skipped
  /** When the last run over all groups ended, in milliseconds since the epoch; 0 = none did. */
  lastRunMs = 0
  lastTookMs = 0

  /** A run ended. @param of all groups, or only of those that had to be set at once */
  add({ set, offsets, refused, skipped }: SyncedGroups, of: 'all' | 'some', tookMs: number): void {
    this.set += set
    this.offsets += offsets
    this.refused += refused
    if (of === 'some') return
    this.runs++
    this.skipped = skipped
    this.lastRunMs = Date.now()
    this.lastTookMs = tookMs
  }
}
