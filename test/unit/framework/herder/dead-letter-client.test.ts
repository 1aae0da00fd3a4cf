import assert from 'node:assert/strict'
import { test } from 'node:test'
import { problemsOf, Sink, withConnect } from './connect-fixtures.ts'

const sink = {
  name: 'orders',
  topics: 'orders',
  'consumer.override.security.protocol': 'PLAINTEXT',
  'producer.override.security.protocol': 'TLS',
}

test('a dead-letter topic is written to as producers of the connector are configured; without one a sink has no producer', async () => {
  await withConnect({}, async connect => {
    const letters = { 'errors.tolerance': 'all', 'errors.deadletterqueue.topic.name': 'orders-dlq' }
    const problems = await problemsOf(() => connect.check({ ...sink, ...letters }, Sink))
    assert.deepEqual(
      problems.map(line => line.split(':')[0]),
      ['producer.override.security.protocol = TLS'],
    )
    await connect.check(sink, Sink)
  })
})
