import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { cacheRoot, withLock } from './cache.ts'
import { requireJava } from './jdk.ts'
import { fetchFromMaven } from './maven.ts'

const APICURIO = '2.6.13.Final'

/**
 * Apicurio's converter for Avro and its parser of .proto files, with all that they need but Kafka's jars: Java programs that read and write what converters
 * with a registry do. Absolute paths.
 */
export async function registryJars(): Promise<string[]> {
  const libs = join(cacheRoot, `apicurio-${APICURIO}`)
  if (!existsSync(libs)) {
    await requireJava()
    await withLock(`${libs}.lock`, async () => {
      if (!existsSync(libs)) await fetchJars(libs)
    })
  }
  return readdirSync(libs)
    .sort()
    .map(jar => join(libs, jar))
}

async function fetchJars(libs: string): Promise<void> {
  const artifacts = [
    { group: 'io.apicurio', artifact: 'apicurio-registry-utils-converter', version: APICURIO },
    { group: 'io.apicurio', artifact: 'apicurio-registry-protobuf-schema-utilities', version: APICURIO },
    { group: 'com.google.protobuf', artifact: 'protobuf-java-util', version: '3.25.8' },
  ]
  const options = ['-DexcludeGroupIds=org.apache.kafka,org.slf4j']
  await fetchFromMaven({ what: `Apicurio's converters ${APICURIO}`, artifacts, options }, libs)
}
