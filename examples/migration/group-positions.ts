import { setTimeout as wait } from 'node:timers/promises'
import type { CommandResult } from '../shared/isthmus-command.ts'

const DEADLINE_MS = 20_000
const ASK_EVERY_MS = 200

/** What is used here of what `isthmus offsets` prints with `--json`. */
export interface Positions {
  readonly groups: readonly {
    readonly group: string
    readonly partitions: readonly {
      /** Where the group's offset is on the new cluster. */
      readonly targetOffset: number | null
      readonly exactness: string
      /** What the group has there. */
      readonly committed: number | null
    }[]
  }[]
}

/** Whether consumers of these groups would go on on the new cluster at the very next record. */
export function areMoved({ groups }: Positions, names: readonly string[]): boolean {
  return names.every(name =>
    groups
      .find(({ group }) => group === name)
      ?.partitions.every(
        ({ targetOffset, exactness, committed }) => exactness === 'exact' && committed !== null && committed === targetOffset,
      ),
  )
}

/** Asks until the mirror has set these groups on the new cluster to where they stand on the old one. */
export async function awaitMoved(
  ask: (groups: readonly string[]) => Promise<CommandResult>,
  groups: readonly string[],
): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS
  for (;;) {
    const { code, stdout, stderr } = await ask(groups)
    if (code !== 0) throw new Error(`isthmus offsets ended with exit code ${code}: ${stderr}`)
    if (areMoved(JSON.parse(stdout) as Positions, groups)) return
    if (Date.now() > deadline) throw new Error(`not all of ${groups.join(', ')} are on new within ${DEADLINE_MS} ms: ${stdout}`)
    await wait(ASK_EVERY_MS)
  }
}
