import { ExitCode } from '../../../framework/api/command.ts'
import type { ConnectError } from '../../../framework/api/index.ts'
import { SecurityError } from '../../../framework/kafka/client-errors.ts'
import type { MirrorMaker, UnreachableCluster } from './mirror-maker.ts'

/** Why a mirror ended by itself. */
export interface Ending {
  readonly unreachable: readonly UnreachableCluster[]
  /** By flow. */
  readonly failed: ReadonlyMap<string, ConnectError>
}

/** Whether every flow has failed or lacks a cluster. */
export function nothingRuns(
  maker: Pick<MirrorMaker, 'failed' | 'flowCount'>,
  unreachable: readonly UnreachableCluster[],
): boolean {
  return new Set([...maker.failed.keys(), ...unreachable.map(({ flow }) => flow)]).size === maker.flowCount
}

/** A cluster weighs more than a setting, a setting more than the rest: what must be mended first. */
export function exitCodeOf({ unreachable, failed }: Ending): number {
  const errors = [...failed.values()]
  if (unreachable.length > 0 || errors.some(error => error instanceof SecurityError)) return ExitCode.CLUSTER
  if (errors.some(error => error.kind === 'configuration')) return ExitCode.CONFIGURATION
  return ExitCode.FAILED
}
