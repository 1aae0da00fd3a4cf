import { createLogger, defaultRestartSettings, openKafkaServices, Worker } from 'isthmus'
import { EventsConnector } from './events-connector.ts'

/** `run.ts URL TOPIC BOOTSTRAP_SERVERS`: copies the events of a web service until Ctrl-C, and goes on there the next time. */
const [url = '', topic = '', bootstrapServers = ''] = process.argv.slice(2)
const logger = createLogger()
const services = await openKafkaServices({
  client: { bootstrapServers: bootstrapServers.split(',') },
  connectorName: 'events',
  topics: [topic],
  offsetsTopic: { name: 'events-offsets' },
  codec: 'lz4',
  logger,
})
const worker = new Worker({ restart: defaultRestartSettings, gracefulTimeoutMs: 5_000, logger })
await worker.startConnector({
  name: 'events',
  config: { url, topic },
  createConnector: () => new EventsConnector(),
  maxTasks: 1,
  services,
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await worker.stop()
    await services.close()
    process.exit()
  })
}
