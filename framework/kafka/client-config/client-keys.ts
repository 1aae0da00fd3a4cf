/** What becomes of a Kafka client's setting here. */
export interface ClientKey {
  /** `used`: as in Kafka. `given`: holds here anyway, whatever is said. `none`: changes nothing, which is worth a warning. */
  readonly effect: 'used' | 'given' | 'none'
  /** How it is used, what holds instead, or why it changes nothing. */
  readonly meaning: string
}

export type ClientKeys = Readonly<Record<string, ClientKey>>

export const used = (meaning: string): ClientKey => ({ effect: 'used', meaning })
export const given = (meaning: string): ClientKey => ({ effect: 'given', meaning })
export const none = (meaning: string): ClientKey => ({ effect: 'none', meaning })

const SOCKETS = 'sockets are tuned by the operating system'
const METRICS = 'metrics leave through OpenTelemetry'

/** What every client has, besides `ssl.*`, `sasl.*` and `security.*`. */
export const commonClientKeys: ClientKeys = {
  'bootstrap.servers': used('first brokers to ask'),
  'client.id': used('name towards brokers'),
  'request.timeout.ms': used('how long one answer may take'),
  'metadata.max.age.ms': used('how often leaders are looked up unasked'),
  'retry.backoff.ms': used('first wait after a failure'),
  'retry.backoff.max.ms': used('longest wait after failures'),
  'socket.connection.setup.timeout.ms': used('how long a connection may take to be set up'),
  'socket.connection.setup.timeout.max.ms': none('every attempt has socket.connection.setup.timeout.ms'),
  'reconnect.backoff.ms': none('retry.backoff.ms paces reconnecting too'),
  'reconnect.backoff.max.ms': none('retry.backoff.max.ms paces reconnecting too'),
  'client.dns.lookup': given('every address of a name is tried'),
  'connections.max.idle.ms': none('connections are kept while they are needed'),
  'send.buffer.bytes': none(SOCKETS),
  'receive.buffer.bytes': none(SOCKETS),
  'metric.reporters': none(METRICS),
  'metrics.num.samples': none(METRICS),
  'metrics.sample.window.ms': none(METRICS),
  'metrics.recording.level': none(METRICS),
  'enable.metrics.push': none(METRICS),
  'auto.include.jmx.reporter': none(METRICS),
  'interceptor.classes': none('Java classes cannot be run here'),
  'config.providers': used('resolved before'),
  'metadata.recovery.strategy': given('the bootstrap servers are asked again when no known broker answers'),
  'metadata.recovery.rebootstrap.trigger.ms': none('the bootstrap servers are asked again when no known broker answers'),
  'default.api.timeout.ms': none('request.timeout.ms and the retries limit each call'),
}
