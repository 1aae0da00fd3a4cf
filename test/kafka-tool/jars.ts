import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { DEFAULT_VERSION, versionDir, withLock } from './cache.ts'
import { KafkaToolError } from './errors.ts'
import { collect, requireJava } from './jdk.ts'

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
  const work = `${libs}.partial`
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work, { recursive: true })
  const pom = join(work, 'pom.xml')
  writeFileSync(pom, pomXml(version))
  const args = ['-B', '-q', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${join(work, 'libs')}`]
  const maven = spawn('mvn', [...args, `-DexcludeArtifactIds=${LOGGING.instead}`], { stdio: 'pipe' })
  maven.once('spawn', () => process.stderr.write(`Fetching Kafka ${version} from Maven Central…\n`))
  const result = await collect(maven, 'mvn').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new KafkaToolError(
      'Maven is missing: install Apache Maven 3.6 or newer (its command is mvn), it fetches Kafka for the tests',
    )
  })
  if (result.code !== 0) {
    const reason = /\[ERROR\] (.*)/.exec(result.stdout + result.stderr)?.[1] ?? `exit code ${result.code}`
    throw new KafkaToolError(`Maven could not fetch Kafka ${version}: ${reason}`)
  }
  renameSync(join(work, 'libs'), libs)
  rmSync(work, { recursive: true, force: true })
}

function pomXml(version: string): string {
  const dependency = (group: string, artifact: string, v: string) =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${v}</version></dependency>`
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>isthmus</groupId><artifactId>kafka-jars</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    ${ARTIFACTS.map(a => dependency('org.apache.kafka', a, version)).join('\n    ')}
    ${dependency('org.slf4j', LOGGING.artifact, LOGGING.version)}
  </dependencies>
</project>
`
}
