import { spawn } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { KafkaToolError } from './errors.ts'
import { collect } from './jdk.ts'

export interface MavenArtifact {
  readonly group: string
  readonly artifact: string
  readonly version: string
}

export interface MavenRequest {
  /** For messages: `Kafka 4.2.0`. */
  readonly what: string
  readonly artifacts: readonly MavenArtifact[]
  /** Further arguments, for example -DexcludeArtifactIds=a,b. */
  readonly options: readonly string[]
}

/** Fetches artifacts with all that they depend on into a folder, which is there whole or not at all. */
export async function fetchFromMaven({ what, artifacts, options }: MavenRequest, libs: string): Promise<void> {
  const work = `${libs}.partial`
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work, { recursive: true })
  const pom = join(work, 'pom.xml')
  writeFileSync(pom, pomXml(artifacts))
  const args = ['-B', '-q', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${join(work, 'libs')}`, ...options]
  const maven = spawn('mvn', args, { stdio: 'pipe' })
  maven.once('spawn', () => process.stderr.write(`Fetching ${what} from Maven Central…\n`))
  const result = await collect(maven, 'mvn').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new KafkaToolError(
      'Maven is missing: install Apache Maven 3.6 or newer (its command is mvn), it fetches Kafka for the tests',
    )
  })
  if (result.code !== 0) {
    const reason = /\[ERROR\] (.*)/.exec(result.stdout + result.stderr)?.[1] ?? `exit code ${result.code}`
    throw new KafkaToolError(`Maven could not fetch ${what}: ${reason}`)
  }
  renameSync(join(work, 'libs'), libs)
  rmSync(work, { recursive: true, force: true })
}

function pomXml(artifacts: readonly MavenArtifact[]): string {
  const dependencies = artifacts.map(
    ({ group, artifact, version }) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  )
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>isthmus</groupId><artifactId>jars</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    ${dependencies.join('\n    ')}
  </dependencies>
</project>
`
}
