import { Command, InvalidArgumentError } from 'commander'
import type { Broker } from './broker.ts'
import { DEFAULT_VERSION } from './cache.ts'
import { type KafkaCluster, openCluster, startCluster } from './cluster.ts'
import { KafkaToolError } from './errors.ts'
import { clusterDir, readStates, sweepLeftovers } from './run-state.ts'
import type { SecurityProtocol } from './security.ts'

interface StartOptions {
  readonly brokers: 1 | 3
  readonly version: string
  readonly heap: number
  readonly security: SecurityProtocol
  readonly config: Record<string, string>
}

const EXAMPLES = `
Examples:
  npm run kafka -- start a b                          two clusters of one broker each
  npm run kafka -- start c --brokers 3 --version 3.9.1
  npm run kafka -- start d --security SASL_SSL        user admin, password admin-secret
  npm run kafka -- start e --config message.max.bytes=4000000
  npm run kafka -- status
  npm run kafka -- kill c 2                           SIGKILL, as a crash would
  npm run kafka -- restart c 2                        same port, same data
  npm run kafka -- stop a b                           ends them and deletes their data
  npm run kafka -- stop                               all of them

Needs a JDK 17 or newer and Maven. Exit codes: 0 done, 1 refused, with the reason on stderr.`

const program = new Command('kafka')
  .description('Real Apache Kafka clusters on loopback ports, for tests and for trying things out. They stay up until stopped.')
  .addHelpText('after', EXAMPLES)
  .configureHelp({ showGlobalOptions: true })

program
  .command('start')
  .description('start clusters and print their bootstrap servers')
  .argument('<names...>', 'names of your choice')
  .option('--brokers <n>', '1 or 3', brokerCount, 1)
  .option('--version <release>', "Kafka's release, fetched if it is not there yet", DEFAULT_VERSION)
  .option('--heap <mb>', 'heap of each broker', positive, 512)
  .option('--security <protocol>', 'PLAINTEXT, SASL_PLAINTEXT, SSL or SASL_SSL', securityProtocol, 'PLAINTEXT')
  .option('--config <key=value>', 'a server property (repeatable)', serverProperty, {})
  .action(async (names: string[], options: StartOptions) => {
    const { heap: heapMb, ...rest } = options
    const started = await Promise.allSettled(names.map(name => startCluster({ ...rest, name, heapMb, background: true })))
    for (const result of started) if (result.status === 'fulfilled') print(result.value)
    for (const result of started) if (result.status === 'rejected') throw result.reason
  })

program
  .command('status')
  .description('list the clusters that were started here and not yet stopped')
  .action(async () => {
    await sweepLeftovers()
    const clusters = await backgroundClusters()
    if (clusters.length === 0) process.stdout.write('no cluster is up: npm run kafka -- start a\n')
    for (const cluster of clusters) print(cluster)
  })

program
  .command('kill')
  .description('kill a broker with SIGKILL')
  .argument('<cluster>')
  .argument('<broker>', 'its number, from 1')
  .action(async (name: string, id: string) => {
    await (await findBroker(name, id)).kill()
  })

program
  .command('restart')
  .description('start a broker again, on its port and data; one that runs is stopped in order first')
  .argument('<cluster>')
  .argument('<broker>', 'its number, from 1')
  .action(async (name: string, id: string) => {
    const broker = await findBroker(name, id)
    await broker.stop()
    await broker.start()
  })

program
  .command('stop')
  .description('end clusters and delete their data')
  .argument('[names...]', 'all of them when none is named')
  .action(async (names: string[]) => {
    const clusters = names.length > 0 ? await Promise.all(names.map(findCluster)) : await backgroundClusters()
    await Promise.all(clusters.map(cluster => cluster.stop()))
    await sweepLeftovers()
  })

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(error instanceof KafkaToolError ? `${error.message}\n` : `${(error as Error).stack}\n`)
  process.exitCode = 1
}

function print({ name, version, bootstrapServers, brokers, dir, security }: KafkaCluster): void {
  const lines = [`${name}: ${bootstrapServers} (Kafka ${version}${security ? `, ${security.protocol}` : ''})`]
  if (security?.username) lines.push(`  user ${security.username}, password ${security.password}`)
  if (security?.caPath) lines.push(`  certificate to trust: ${security.caPath}`)
  for (const { id, pid, port } of brokers)
    lines.push(`  broker ${id}: port ${port}, ${pid === undefined ? 'down' : `pid ${pid}`}`)
  lines.push(`  logs and data: ${dir}`)
  process.stdout.write(`${lines.join('\n')}\n`)
}

async function backgroundClusters(): Promise<KafkaCluster[]> {
  const names = readStates().flatMap(state => (state.owner === null ? state.name : []))
  return Promise.all(names.map(findCluster))
}

async function findCluster(name: string): Promise<KafkaCluster> {
  const cluster = await openCluster(clusterDir(name))
  if (cluster === undefined) throw new KafkaToolError(`No cluster ${name}: npm run kafka -- status lists those that are up`)
  return cluster
}

async function findBroker(name: string, id: string): Promise<Broker> {
  const { brokers } = await findCluster(name)
  const broker = brokers.find(b => String(b.id) === id)
  if (broker === undefined)
    throw new KafkaToolError(`Cluster ${name} has no broker ${id}, only ${brokers.map(b => b.id).join(', ')}`)
  return broker
}

function brokerCount(text: string): 1 | 3 {
  if (text === '1') return 1
  if (text === '3') return 3
  throw new InvalidArgumentError('1 or 3')
}

function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a whole number above 0')
  return Number(text)
}

function securityProtocol(text: string): SecurityProtocol {
  if (text === 'PLAINTEXT' || text === 'SASL_PLAINTEXT' || text === 'SSL' || text === 'SASL_SSL') return text
  throw new InvalidArgumentError('PLAINTEXT, SASL_PLAINTEXT, SSL or SASL_SSL')
}

function serverProperty(text: string, previous: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('key=value')
  return { ...previous, [text.slice(0, at)]: text.slice(at + 1) }
}
