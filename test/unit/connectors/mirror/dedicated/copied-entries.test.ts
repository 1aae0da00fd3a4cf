import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CopiedEntries } from '../../../../../connectors/mirror/dedicated/copied-entries.ts'
import { type ConnectorStatus, PartitionEntry, type TaskStatus } from '../../../../../framework/runtime/index.ts'

const [a, b, c] = ['a', 'b', 'c'].map(topic => new PartitionEntry({ topic, partition: 0 }, () => undefined)) as [
  PartitionEntry,
  PartitionEntry,
  PartitionEntry,
]

function connector(state: ConnectorStatus['state'], ...tasks: [TaskStatus['state'], ...PartitionEntry[]][]): ConnectorStatus {
  const of = tasks.map(([taskState, ...partitions]) => ({ state: taskState, partitions }) as unknown as TaskStatus)
  return { state, tasks: of } as unknown as ConnectorStatus
}

test('partitions of tasks that begin anew are among those that are copied until all tasks have theirs', () => {
  const copied = new CopiedEntries()
  assert.deepEqual(copied.of(connector('RUNNING', ['RUNNING', a], ['RUNNING', b])), [a, b])
  assert.deepEqual(copied.of(connector('RUNNING', ['RUNNING', a], ['STARTING'])), [a, b])
  assert.deepEqual(copied.of(connector('RUNNING', ['RUNNING', a], ['RESTARTING'])), [a, b], 'it failed before it had them')
  assert.deepEqual(copied.of(undefined), [a, b])
  assert.deepEqual(copied.of(connector('STARTING')), [a, b])
  assert.deepEqual(copied.of(connector('RUNNING', ['RUNNING', a, c], ['STARTING'])), [a, b, c])
  assert.deepEqual(copied.of(connector('RUNNING', ['RUNNING', a], ['RUNNING', c])), [a, c], 'b is gone')
})

test('without topics to copy nothing is left, nor where others copy', () => {
  const copied = new CopiedEntries()
  copied.of(connector('RUNNING', ['RUNNING', a]))
  assert.deepEqual(copied.of(connector('RUNNING')), [])
  copied.of(connector('RUNNING', ['RUNNING', a]))
  copied.forget()
  assert.deepEqual(copied.of(undefined), [])
})
