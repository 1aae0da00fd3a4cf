import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FlowObservations } from '../../../../../connectors/mirror/observe/index.ts'
import { ConnectError } from '../../../../../framework/api/index.ts'

const denied = new ConnectError('TOPIC_AUTHORIZATION_FAILED', 'no right to write', { kind: 'fatal', stage: 'poll' })

test('a run that fails stays visible until one succeeds, and both are events', () => {
  const { runs, events } = new FlowObservations()
  const syncs = runs.reporter('writing offset syncs')
  syncs.failed(denied)
  syncs.failed(denied)
  const [failing] = runs.failing()
  assert.deepEqual([failing?.run, failing?.consecutive, failing?.cause], ['writing offset syncs', 2, 'no right to write'])
  syncs.succeeded()
  assert.deepEqual(runs.failing(), [])
  assert.deepEqual(
    events.list().map(({ severity, kind, code, count }) => [severity, kind, code, count]),
    [
      ['ok', 'offset-syncs', undefined, 1],
      ['warning', 'offset-syncs', 'TOPIC_AUTHORIZATION_FAILED', 2],
    ],
  )
  assert.equal(events.lastError?.code, 'TOPIC_AUTHORIZATION_FAILED')
  const [counts] = runs.counts()
  assert.deepEqual([counts?.failures, counts?.isFailing], [2, false])
})

test('what one task fails at, the success of another does not mend', () => {
  const { runs } = new FlowObservations()
  const [a, b] = [runs.reporter('writing the offset map', 'task-0'), runs.reporter('writing the offset map', 'task-1')]
  a.failed(denied)
  b.succeeded()
  assert.equal(runs.failing().length, 1)
  assert.equal(runs.counts()[0]?.isFailing, true)
  runs.reporter('writing the offset map', 'task-0').succeeded()
  assert.equal(runs.failing().length, 0)
})

test('a run that does a part of what it should has failed, with the first reason and how many there are', () => {
  const { runs } = new FlowObservations()
  const topics = runs.reporter('refreshing topics')
  topics.ended(['a could not be created', 'b could not be created', 'c could not be created'])
  assert.equal(runs.failing()[0]?.cause, 'a could not be created (and 2 more)')
  topics.ended([])
  assert.deepEqual(runs.failing(), [])
})

test('who stops does not go on failing', () => {
  const { runs, events } = new FlowObservations()
  const round = runs.reporter('checkpoint round')
  round.failed(new Error('away'))
  round.close()
  runs.reporter('syncing groups').failed(new Error('away'))
  runs.stopped()
  assert.deepEqual(runs.failing(), [])
  assert.ok(events.list().every(({ severity }) => severity === 'warning'))
})
