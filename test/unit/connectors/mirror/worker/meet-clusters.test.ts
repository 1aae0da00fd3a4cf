import assert from 'node:assert/strict'
import { test } from 'node:test'
import { meetClusters } from '../../../../../connectors/mirror/worker/meet-clusters.ts'
import { type ConnectorHost, createInjector, PluginRegistry } from '../../../../../framework/index.ts'
import { MemoryLogger } from '../../../../../framework/testing/index.ts'

const host: ConnectorHost = {
  injector: createInjector(),
  plugins: new PluginRegistry().loader([]),
  targetCluster: async () => ({ servers: ['b:9092'], id: 'b' }),
}

test('a cluster that does not answer is told by its key', async () => {
  const config = { 'source.cluster.bootstrap.servers': '127.0.0.1:1', 'target.cluster.bootstrap.servers': '127.0.0.1:2' }
  const meeting = meetClusters('heartbeat', config, host, { logger: new MemoryLogger(), signal: AbortSignal.timeout(50) })
  await assert.rejects(meeting, {
    code: 'CONNECT_FAILED',
    message: /^target\.cluster\.bootstrap\.servers = 127\.0\.0\.1:2: no broker of 127\.0\.0\.1:2 can be reached/,
  })
})
