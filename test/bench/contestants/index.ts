import type { BenchOptions } from '../options.ts'
import type { ContestantName } from '../results.ts'
import { type Contestant, Unavailable } from './contestant.ts'
import { goCopier } from './go-copier.ts'
import { isthmus } from './isthmus.ts'
import { limit } from './limit.ts'
import { mirrorMaker, tunedMirrorMaker } from './mirror-maker.ts'

/** Builds what must be built. Those that cannot take part are left out, each with one line to `note`. */
export const prepare = async (options: BenchOptions, note: (line: string) => void): Promise<Contestant[]> => {
  const makers: Readonly<Record<ContestantName, () => Promise<Contestant>>> = {
    isthmus: () => isthmus(options.isthmusCommand),
    mm2: async () => mirrorMaker,
    'mm2-tuned': async () => tunedMirrorMaker,
    go: goCopier,
    limit: async () => limit,
  }
  const ready: Contestant[] = []
  for (const name of options.contestants) {
    try {
      ready.push(await makers[name]())
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error
      note(`${name} is left out: ${error.message}`)
    }
  }
  return ready
}
