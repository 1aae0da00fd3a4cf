import type { BrokerState } from './run-state.ts'
import type { SecurityProtocol } from './security.ts'

export interface ServerPropertiesInput {
  readonly id: number
  readonly brokers: readonly BrokerState[]
  readonly dataDir: string
  readonly security: SecurityProtocol
  readonly listenerProperties: Readonly<Record<string, string>>
  readonly overrides: Readonly<Record<string, string>>
}

/** Configuration of one combined broker and controller; keys and meanings are Kafka's. */
export function serverProperties(input: ServerPropertiesInput): Record<string, string> {
  const { id, brokers, security } = input
  const { ports } = brokers.find(broker => broker.id === id)!
  const secured = security !== 'PLAINTEXT'
  const clientListeners = [`CLIENT://127.0.0.1:${ports.client}`, ...(secured ? [`INTERNAL://127.0.0.1:${ports.internal}`] : [])]
  const replicas = String(brokers.length)
  const inSync = brokers.length === 1 ? '1' : '2'
  return {
    'node.id': String(id),
    'process.roles': 'broker,controller',
    listeners: [...clientListeners, `CONTROLLER://127.0.0.1:${ports.controller}`].join(','),
    'advertised.listeners': clientListeners.join(','),
    'listener.security.protocol.map': `CLIENT:${security},INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    'inter.broker.listener.name': secured ? 'INTERNAL' : 'CLIENT',
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': brokers.map(b => `${b.id}@127.0.0.1:${b.ports.controller}`).join(','),
    'log.dirs': input.dataDir,
    ...(brokers.length > 1 ? { 'broker.rack': `rack-${id}` } : {}),

    'auto.create.topics.enable': 'false',
    'default.replication.factor': replicas,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': '2',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',

    'num.network.threads': '2',
    'num.io.threads': '4',
    'log.cleaner.dedupe.buffer.size': '8388608',
    'log.cleaner.backoff.ms': '500',
    'log.initial.task.delay.ms': '500',
    'log.retention.ms': '-1',
    'log.retention.check.interval.ms': '1000',
    'log.segment.delete.delay.ms': '1000',
    'broker.heartbeat.interval.ms': '500',
    'broker.session.timeout.ms': '4000',
    'controller.quorum.election.timeout.ms': '500',
    'controller.quorum.election.backoff.max.ms': '200',
    'controller.quorum.fetch.timeout.ms': '1000',
    ...input.listenerProperties,
    ...input.overrides,
  }
}

/** In the syntax of java.util.Properties, as Kafka's own tools read it. */
export function formatProperties(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`)
    .join('')
}
