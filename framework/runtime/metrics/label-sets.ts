import type { MetricLabels } from '../../api/index.ts'
import type { PartitionEntry } from '../partition-entry.ts'
import { partitionName } from '../partition-name.ts'

/** The same labels are the same object each time. */
export class LabelSets {
  readonly #base: MetricLabels
  readonly #byKey = new Map<string, MetricLabels>()
  readonly #byEntry = new WeakMap<PartitionEntry, MetricLabels>()

  constructor(flow: string | undefined) {
    this.#base = flow === undefined ? {} : { flow }
  }

  get worker(): MetricLabels {
    return this.#base
  }

  of(connector: string, more: MetricLabels = {}): MetricLabels {
    const key = [connector, ...Object.entries(more).flat()].join('\n')
    let labels = this.#byKey.get(key)
    if (labels === undefined) {
      labels = { ...this.#base, connector, ...more }
      this.#byKey.set(key, labels)
    }
    return labels
  }

  /** Of the task `connector-3`: the label is `3`, as Kafka Connect has it. */
  ofTask(connector: string, taskId: string, more: MetricLabels = {}): MetricLabels {
    return this.of(connector, { task: taskId.slice(taskId.lastIndexOf('-') + 1), ...more })
  }

  ofPartition(connector: string, entry: PartitionEntry): MetricLabels {
    let labels = this.#byEntry.get(entry)
    if (labels === undefined) {
      labels = { ...this.#base, connector, partition: partitionName(entry.partition) }
      this.#byEntry.set(entry, labels)
    }
    return labels
  }
}
