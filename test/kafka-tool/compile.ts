import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'
import { DEFAULT_VERSION, versionDir, withLock } from './cache.ts'
import { kafkaClasspath } from './jars.ts'
import { jdkTool, missingTool, requireJava, run } from './jdk.ts'

/**
 * Compiles all Java sources of a folder against Kafka's jars and others, once per content, into one jar in the cache. Older jars stay: they may be in use.
 * @returns the jar's absolute path
 */
export async function compileFolder(
  folder: string,
  name: string,
  version = DEFAULT_VERSION,
  extraJars: readonly string[] = [],
): Promise<string> {
  const sources = readdirSync(folder)
    .filter(file => file.endsWith('.java'))
    .sort()
    .map(file => join(folder, file))
  const hash = createHash('sha256')
  for (const source of sources) hash.update(basename(source)).update(readFileSync(source))
  const dir = versionDir(version)
  const jar = join(dir, `${name}-${hash.digest('hex').slice(0, 12)}.jar`)
  if (existsSync(jar)) return jar
  await requireJava()
  const classpath = [await kafkaClasspath(version), ...extraJars].join(delimiter)
  await withLock(join(dir, `${name}.lock`), async () => {
    if (existsSync(jar)) return
    const classes = join(dir, `${name}.classes`)
    rmSync(classes, { recursive: true, force: true })
    mkdirSync(classes)
    await must('javac', ['-nowarn', '-proc:none', '-cp', classpath, '-d', classes, ...sources])
    await must('jar', ['--create', '--file', `${jar}.partial`, '-C', classes, '.'])
    renameSync(`${jar}.partial`, jar)
    rmSync(classes, { recursive: true, force: true })
  })
  return jar
}

async function must(tool: string, args: readonly string[]): Promise<void> {
  const result = await run(jdkTool(tool), args).catch(missingTool)
  if (result.code !== 0) throw new Error(`${tool} failed:\n${result.stdout}${result.stderr}`)
}
