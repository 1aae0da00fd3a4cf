import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileFolder } from './compile.ts'
import { collect, jdkTool, type RunOptions, type RunResult } from './jdk.ts'
import { QUICK_JVM } from './quick-jvm.ts'
import { type BrokerTemplate, brokerTemplate } from './template.ts'

export interface JavaOptions extends RunOptions {
  /** A program under test/interop, for example Dump.java or registry/ProtoData.java, which is compiled with `extraJars`. Either this or `mainClass`. */
  readonly file?: string
  /** Any class on Kafka's class path, for example org.apache.kafka.connect.mirror.MirrorMaker. */
  readonly mainClass?: string
  readonly args: readonly string[]
  /** Jars and folders behind Kafka's on the class path. */
  readonly extraJars?: readonly string[]
  /** Kafka's version; 4.2.0 by default. */
  readonly version?: string
  /** 256 by default. */
  readonly heapMb?: number
  /** Flags of the JVM instead of QUICK_JVM; pass [] to measure a program as its users run it. */
  readonly jvm?: readonly string[]
  /** Further flags of the JVM. */
  readonly options?: readonly string[]
  /** Level of Kafka's own log lines on stderr: trace, debug, info, warn (default), error, off. */
  readonly logLevel?: string
}

const interopFolder = fileURLToPath(new URL('../interop/', import.meta.url))

/**
 * For programs that go on until stopped: the caller ends them. Those still there when this process ends are killed;
 * a `mainClass` also halts when its stdin closes, so that it does not survive a kill -9 of this process.
 */
export async function spawnJava(options: JavaOptions): Promise<ChildProcessWithoutNullStreams> {
  return start(options, options.file === undefined)
}

/** Runs a program to its end. A non-zero exit code is a result, not an error. */
export async function runJava(options: JavaOptions): Promise<RunResult> {
  const child = await start(options, false)
  return collect(child, options.file ?? options.mainClass ?? 'java', options)
}

async function start(options: JavaOptions, watched: boolean): Promise<ChildProcessWithoutNullStreams> {
  const { file, version } = options
  const mainClass = file === undefined ? options.mainClass : basename(file, '.java')
  if (mainClass === undefined) throw new TypeError('runJava and spawnJava need either file or mainClass')
  const template = await brokerTemplate(version)
  const classpath = [
    template.classpath,
    ...(options.extraJars ?? []),
    ...(file === undefined ? [] : [await compiledFor(file, options)]),
  ]
  const main = watched ? ['Watched', mainClass] : [mainClass]
  const args = [...jvmArguments(options, template), '-cp', classpath.join(delimiter), ...main, ...options.args]
  const child = spawn(jdkTool('java'), args, { stdio: 'pipe' })
  killWithThisProcess(child)
  return child
}

function compiledFor(file: string, { version, extraJars = [] }: JavaOptions): Promise<string> {
  const folder = dirname(file)
  if (folder === '.') return compileFolder(interopFolder, 'interop', version)
  return compileFolder(join(interopFolder, folder), `interop-${folder}`, version, extraJars)
}

function jvmArguments(
  { jvm, options = [], heapMb = 256, logLevel = 'warn' }: JavaOptions,
  { classArchive }: BrokerTemplate,
): string[] {
  return [
    ...(jvm ?? [...QUICK_JVM, `-XX:SharedArchiveFile=${classArchive}`, '-Xlog:cds=off', '-Xlog:cds+dynamic=off']),
    ...options,
    `-Xmx${heapMb}m`,
    `-Dorg.slf4j.simpleLogger.defaultLogLevel=${logLevel}`,
    '-Dorg.slf4j.simpleLogger.showDateTime=true',
    '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
  ]
}

const children = new Set<ChildProcessWithoutNullStreams>()

function killWithThisProcess(child: ChildProcessWithoutNullStreams): void {
  if (children.size === 0) process.once('exit', killAll)
  children.add(child)
  child.once('exit', () => {
    children.delete(child)
    if (children.size === 0) process.removeListener('exit', killAll)
  })
}

function killAll(): void {
  for (const child of children) child.kill('SIGKILL')
}
