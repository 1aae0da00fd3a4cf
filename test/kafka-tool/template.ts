import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DEFAULT_VERSION, versionDir, withLock } from './cache.ts'
import { compileFolder } from './compile.ts'
import { kafkaClasspath } from './jars.ts'
import { collect, jdkTool, requireJava, run } from './jdk.ts'
import { freePorts } from './ports.ts'
import { QUICK_JVM } from './quick-jvm.ts'
import { ADMIN } from './security.ts'
import { formatProperties, serverProperties } from './server-properties.ts'

/** What every broker start of one Kafka version and one JDK shares, so that a start takes half a second. */
export interface BrokerTemplate {
  readonly classpath: string
  /** The metadata log's first records as Kafka's format command writes them: feature levels and the SCRAM user. */
  readonly bootstrapCheckpoint: string
  /** Class-data archive of a broker (JEP 350): parsed classes, mapped into memory. For any program whose class path begins with `classpath`. */
  readonly classArchive: string
}

const toolFolder = fileURLToPath(new URL('.', import.meta.url))
const NEVER_SERVED_MS = 60_000

export async function brokerTemplate(version = DEFAULT_VERSION): Promise<BrokerTemplate> {
  const java = await requireJava()
  const jar = await compileFolder(toolFolder, 'broker', version)
  const classpath = [jar, await kafkaClasspath(version)].join(delimiter)
  const key = createHash('sha256')
    .update(java)
    .update(basename(jar))
    .update(formatArguments.toString())
    .digest('hex')
    .slice(0, 12)
  const dir = join(versionDir(version), `template-${key}`)
  if (!existsSync(dir)) {
    await withLock(join(versionDir(version), 'template.lock'), async () => {
      if (existsSync(dir)) return
      await build(dir, classpath)
      removeOthers(dir)
    })
  }
  return { classpath, bootstrapCheckpoint: join(dir, 'bootstrap.checkpoint'), classArchive: join(dir, 'broker.jsa') }
}

async function build(dir: string, classpath: string): Promise<void> {
  const work = `${dir}.partial`
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work, { recursive: true })
  const data = join(work, 'data')
  const file = join(work, 'server.properties')
  const [client, controller] = (await freePorts(2)) as [number, number]
  const brokers = [{ id: 1, ports: { client, controller, internal: client } }]
  const properties = serverProperties({
    id: 1,
    brokers,
    dataDir: data,
    security: 'PLAINTEXT',
    listenerProperties: {},
    overrides: {},
  })
  writeFileSync(file, formatProperties(properties))
  const formatted = await run(jdkTool('java'), [
    ...QUICK_JVM,
    '-cp',
    classpath,
    'kafka.tools.StorageTool',
    ...formatArguments(file),
  ])
  if (formatted.code !== 0) throw new Error(`kafka.tools.StorageTool failed:\n${formatted.stdout}${formatted.stderr}`)
  copyFileSync(join(data, 'bootstrap.checkpoint'), join(work, 'bootstrap.checkpoint'))
  await recordClasses(classpath, file, join(work, 'broker.jsa'))
  rmSync(data, { recursive: true, force: true })
  renameSync(work, dir)
}

/** An archive has 50 MB. Brokers that use one of these keep it open, and start without it if they start again. */
function removeOthers(dir: string): void {
  for (const entry of readdirSync(dirname(dir))) {
    if (entry.startsWith('template-') && entry !== basename(dir))
      rmSync(join(dirname(dir), entry), { recursive: true, force: true })
  }
}

/** Lets a broker start and stop once; the JVM writes the archive as it exits. */
async function recordClasses(classpath: string, file: string, archive: string): Promise<void> {
  const args = [...QUICK_JVM, `-XX:ArchiveClassesAtExit=${archive}`, '-Xlog:cds=off', '-Xlog:cds+dynamic=off']
  const broker = spawn(jdkTool('java'), [...args, '-cp', classpath, 'Watched', 'BrokerMain', file], { stdio: 'pipe' })
  broker.stdout.once('data', () => broker.kill('SIGTERM'))
  const result = await collect(broker, 'BrokerMain', { timeoutMs: NEVER_SERVED_MS, keepStdinOpen: true })
  if (!existsSync(archive))
    throw new Error(`A trial start of Kafka left no class archive:\n${result.stdout}${result.stderr.slice(-4000)}`)
}

function formatArguments(file: string): string[] {
  const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap(mechanism => [
    '--add-scram',
    `${mechanism}=[name=${ADMIN.username},password=${ADMIN.password}]`,
  ])
  return ['format', '--cluster-id', 'aXN0aG11cy10ZW1wbGF0ZQ', '--config', file, ...scram]
}
