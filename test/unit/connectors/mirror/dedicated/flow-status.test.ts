import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partitionFigures } from '../../../../../connectors/mirror/dedicated/flow-status.ts'
import { PartitionEntry } from '../../../../../framework/runtime/index.ts'

/** @param lag undefined = not known */
function entry(lag: number | undefined): PartitionEntry {
  const made = new PartitionEntry({ topic: 't', partition: 0 }, () => undefined)
  if (lag === undefined) return made
  made.lagsFrom(0)
  made.logSpans(0, lag)
  return made
}

for (const [what, lags, expected] of [
  ['no partitions', [], -1],
  ['all known', [3, 0, 4], 7],
  ['all without a lag', [0, 0], 0],
  ['one unknown beside some that lag: at least theirs', [3, undefined], 3],
  ['one unknown beside some that do not: nobody knows', [0, undefined], -1],
  ['none known', [undefined], -1],
] as const) {
  test(`the lag of a flow, ${what}`, () => {
    assert.equal(partitionFigures(lags.map(entry)).lagRecords, expected)
  })
}
