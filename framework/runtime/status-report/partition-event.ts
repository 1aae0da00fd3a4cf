import type { Severity } from '../../api/index.ts'
import type { PartitionEvent } from '../partition-events.ts'
import { partitionName } from '../partition-name.ts'
import type { PartitionHappening } from '../partition-registry.ts'
import type { NewEvent } from './status-events.ts'

const SEVERITIES: Readonly<Record<PartitionEvent['kind'], Severity>> = {
  retrying: 'warning',
  flowing: 'ok',
  gap: 'error',
  recreated: 'error',
  failed: 'error',
}

/** What happened to a partition, as an event of its process. Records that are lost do not come by themselves, though copying goes on. */
export function partitionEvent({ entry, event }: PartitionHappening, connector?: string): NewEvent {
  const { kind, side, code, cause } = event
  const name = partitionName(entry.partition)
  const because = cause === undefined ? '' : `: ${cause}`
  return {
    severity: SEVERITIES[kind],
    kind,
    message: `${messageOf(kind, name, side)}${because}`,
    partition: name,
    ...(connector !== undefined && { connector }),
    ...(code !== undefined && { code }),
  }
}

function messageOf(kind: PartitionEvent['kind'], name: string, side: PartitionEvent['side']): string {
  const where = side === undefined ? '' : `, because of the ${side}`
  switch (kind) {
    case 'retrying':
      return `Partition ${name} makes no progress${where}`
    case 'flowing':
      return `Partition ${name} goes on`
    case 'gap':
      return `The source lost records of ${name} before they were copied`
    case 'recreated':
      return `The topic of ${name} was deleted and created again`
    case 'failed':
      return `Partition ${name} has failed`
  }
}
