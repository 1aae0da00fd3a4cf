import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, defaultClientSettings } from '../../../../framework/index.ts'
import { Cluster } from '../../../../framework/kafka/cluster.ts'
import { retrying } from '../../../../framework/kafka/retry.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'

test('what takes a moment is waited for in short steps, and in long ones once it has taken longer', async () => {
  const logger = new MemoryLogger()
  const settings = { ...defaultClientSettings, retryBackoffMs: 20, retryBackoffMaxMs: 80 }
  const cluster = new Cluster({ ...settings, bootstrapServers: ['127.0.0.1:1'], clientId: 'retry' }, logger)
  let attempts = 0
  await retrying(
    cluster,
    'waiting',
    async () => {
      if (++attempts < 15) throw new ConnectError('AWAY', 'not yet', { kind: 'retriable', stage: 'produce' })
    },
    { maxDelayMs: 2 },
  )
  await cluster.close()
  const delays = logger.lines.map(({ fields }) => (fields as { readonly delayMs: number }).delayMs)
  assert.equal(delays.length, 14)
  assert.ok(
    delays.slice(0, 10).every(ms => ms <= 3),
    String(delays),
  )
  assert.ok(
    delays.slice(12).every(ms => ms >= 50),
    String(delays),
  )
})
