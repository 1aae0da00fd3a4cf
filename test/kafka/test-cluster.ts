import { Cluster } from '../../framework/kafka/cluster.ts'
import { MemoryLogger } from '../../framework/testing/memory-logger.ts'

export interface TestClient {
  readonly cluster: Cluster
  readonly logger: MemoryLogger
}

/** A client with short times, whose log is kept. Close its cluster at the end. */
export function testClient(bootstrapServers: string, clientId = 'test'): TestClient {
  const logger = new MemoryLogger()
  const cluster = new Cluster(
    {
      bootstrapServers: bootstrapServers.split(','),
      clientId,
      connectionTimeoutMs: 2_000,
      requestTimeoutMs: 10_000,
      metadataMaxAgeMs: 300_000,
      retryBackoffMs: 50,
      retryBackoffMaxMs: 500,
    },
    logger,
  )
  return { cluster, logger }
}
