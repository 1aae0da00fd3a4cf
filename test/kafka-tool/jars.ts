import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { DEFAULT_VERSION, versionDir, withLock } from './cache.ts'
import { KafkaToolError } from './errors.ts'
import { requireJava } from './jdk.ts'
import { fetchFromMaven } from './maven.ts'

const ARTIFACTS = [
  'kafka_2.13',
  'kafka-clients',
  'kafka-tools',
  'connect-runtime',
  'connect-mirror',
  'connect-mirror-client',
  'connect-json',
  'connect-file',
  'connect-transforms',
]
/** slf4j-simple starts faster than log4j and needs no configuration file; two bindings on one class path would clash. */
const LOGGING = { artifact: 'slf4j-simple', version: '1.7.36', instead: 'slf4j-reload4j,log4j-slf4j-impl' }

/** Absolute paths of Kafka's jars and their dependencies, fetched through Maven when they are not in the cache. */
export async function kafkaJars(version = DEFAULT_VERSION): Promise<string[]> {
  if (!/^\d+\.\d+\.\d+$/.test(version))
    throw new KafkaToolError(`Kafka version ${version}: expected a release like 4.2.0 or 3.9.1`)
  const dir = versionDir(version)
  const libs = join(dir, 'libs')
  if (!existsSync(libs)) {
    await requireJava()
    await withLock(join(dir, 'libs.lock'), async () => {
      if (!existsSync(libs)) await fetchJars(version, libs)
    })
  }
  return readdirSync(libs)
    .sort()
    .map(jar => join(libs, jar))
}

export async function kafkaClasspath(version = DEFAULT_VERSION): Promise<string> {
  return (await kafkaJars(version)).join(delimiter)
}

async function fetchJars(version: string, libs: string): Promise<void> {
  const kafka = ARTIFACTS.map(artifact => ({ group: 'org.apache.kafka', artifact, version }))
  const logging = { group: 'org.slf4j', artifact: LOGGING.artifact, version: LOGGING.version }
  await fetchFromMaven(
    { what: `Kafka ${version}`, artifacts: [...kafka, logging], options: [`-DexcludeArtifactIds=${LOGGING.instead}`] },
    libs,
  )
}
