import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Broker, BrokerProcess, formatStorage } from './broker.ts'
import { DEFAULT_VERSION } from './cache.ts'
import { KafkaToolError } from './errors.ts'
import { freePorts } from './ports.ts'
import { own } from './process-identity.ts'
import { QUICK_JVM } from './quick-jvm.ts'
import { type BrokerState, clusterDir, destroy, destroyAtExit, readState, sweepLeftovers, writeState } from './run-state.ts'
import { type ClusterSecurity, clusterSecurity, listenerProperties, type SecurityProtocol } from './security.ts'
import { formatProperties, serverProperties } from './server-properties.ts'
import { brokerTemplate } from './template.ts'

export interface KafkaClusterOptions {
  /** Part of its folder's name; `kafka` by default. */
  readonly name?: string
  readonly brokers?: 1 | 3
  /** 4.2.0 by default. */
  readonly version?: string
  /** Of each broker; 512 by default. */
  readonly heapMb?: number
  /** Flags of each broker's JVM instead of QUICK_JVM; pass [] to measure. */
  readonly jvm?: readonly string[]
  /** Server properties beyond and above the tool's own. */
  readonly config?: Readonly<Record<string, string>>
  /** Of the client listener; PLAINTEXT by default. The user is admin, admin-secret. */
  readonly security?: SecurityProtocol
  /** True: the cluster stays up after this process, until `kafka stop`; its name must be free. */
  readonly background?: boolean
}

export interface KafkaCluster {
  readonly name: string
  readonly version: string
  readonly bootstrapServers: string
  /** Plaintext, whatever `security` says: for tests that look at a secured cluster from behind. */
  readonly internalBootstrapServers: string
  readonly brokers: readonly Broker[]
  readonly dir: string
  readonly security?: ClusterSecurity
  /** Afterwards no process and no data of it are left. */
  stop(): Promise<void>
}

const DEFAULT_HEAP_MB = 512

/**
 * Starts a KRaft cluster of combined brokers on free loopback ports; resolves when every broker serves.
 * Unless `background`, it ends with this process, however that ends.
 * @throws {KafkaToolError} when Java or Maven is missing, or the name of a background cluster is taken
 */
export async function startCluster(options: KafkaClusterOptions = {}): Promise<KafkaCluster> {
  const background = options.background ?? false
  const name = options.name ?? 'kafka'
  if (!/^[\w.-]+$/.test(name))
    throw new KafkaToolError(`Cluster name ${name}: use letters, digits, dots, underscores and hyphens`)
  const version = options.version ?? DEFAULT_VERSION
  const security = options.security ?? 'PLAINTEXT'
  await sweepLeftovers()
  const template = await brokerTemplate(version)
  const listener = await listenerProperties(security)
  const dir = clusterDir(background ? name : `${name}-${process.pid}-${randomBytes(3).toString('hex')}`)
  claim(dir, name)
  const brokers = await assignPorts(options.brokers ?? 1, security)
  const { heapMb = DEFAULT_HEAP_MB, jvm = QUICK_JVM } = options
  writeState(dir, { name, version, security, heapMb, jvm, owner: background ? null : own(), brokers })
  const clusterId = uuid()
  for (const { id } of brokers) {
    const brokerDir = join(dir, `broker-${id}`)
    formatStorage(brokerDir, id, clusterId, uuid(), template)
    const dataDir = join(brokerDir, 'data')
    const input = { id, brokers, dataDir, security, listenerProperties: listener, overrides: options.config ?? {} }
    writeFileSync(join(brokerDir, 'server.properties'), formatProperties(serverProperties(input)))
  }
  const cluster = (await openCluster(dir))!
  try {
    await Promise.all(cluster.brokers.map(broker => broker.start()))
  } catch (error) {
    await cluster.stop()
    throw error
  }
  return cluster
}

/** The cluster whose state lies in a folder; undefined when there is none. Its brokers may be up or down. */
export async function openCluster(dir: string): Promise<KafkaCluster | undefined> {
  const first = readState(dir)
  if (first === undefined) return undefined
  let state = first
  const background = state.owner === null
  const update = (changed: BrokerState) => {
    state = { ...state, brokers: state.brokers.map(b => (b.id === changed.id ? changed : b)) }
    writeState(dir, state)
  }
  const forget = background ? () => undefined : destroyAtExit(dir, () => state.brokers)
  const template = await brokerTemplate(state.version)
  const { jvm, heapMb, name, version } = state
  const brokers = state.brokers.map(
    broker =>
      new BrokerProcess(broker, { dir: join(dir, `broker-${broker.id}`), template, jvm, heapMb, background, onChange: update }),
  )
  const servers = (port: (broker: BrokerState) => number) => state.brokers.map(b => `127.0.0.1:${port(b)}`).join(',')
  const security = await clusterSecurity(state.security)
  return {
    name,
    version,
    bootstrapServers: servers(b => b.ports.client),
    internalBootstrapServers: servers(b => b.ports.internal),
    brokers,
    dir,
    ...(security === undefined ? {} : { security }),
    async stop() {
      await Promise.all(brokers.map(broker => broker.kill()))
      await destroy(dir, state.brokers)
      forget()
    },
  }
}

function claim(dir: string, name: string): void {
  try {
    mkdirSync(dir)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new KafkaToolError(`Cluster ${name} exists already: stop it first with npm run kafka -- stop ${name}`)
  }
}

async function assignPorts(count: 1 | 3, security: SecurityProtocol): Promise<BrokerState[]> {
  const perBroker = security === 'PLAINTEXT' ? 2 : 3
  const ports = await freePorts(count * perBroker)
  return Array.from({ length: count }, (_, index) => {
    const [client, controller, internal = client] = ports.slice(index * perBroker, (index + 1) * perBroker) as [
      number,
      number,
      number?,
    ]
    return { id: index + 1, ports: { client, controller, internal } }
  })
}

/** Kafka's Uuid: 16 bytes in URL-safe base 64 without padding; a leading hyphen would read as an option. */
function uuid(): string {
  const text = randomBytes(16).toString('base64url')
  return text.startsWith('-') ? uuid() : text
}
