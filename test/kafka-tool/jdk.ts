import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { join } from 'node:path'
import { KafkaToolError } from './errors.ts'

export interface RunResult {
  /** 128 + signal number when the process died of a signal, as a shell says it. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly input?: string
  /** The process is killed, and the promise rejected, when it takes longer. */
  readonly timeoutMs?: number
  /** True: stdin stays open after `input`; its end may mean something to the program. */
  readonly keepStdinOpen?: boolean
}

/** Java, javac, jar or keytool: from JAVA_HOME if set, else from the PATH. */
export function jdkTool(name: string): string {
  const home = process.env.JAVA_HOME
  return home ? join(home, 'bin', name) : name
}

/** Starts a program and collects what it says. Rejects only when it cannot be started or times out. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const child = spawn(command, args, { stdio: 'pipe' })
  return collect(child, command, options)
}

export function collect(child: ChildProcessWithoutNullStreams, what: string, options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
    child.stderr.on('data', (bytes: Buffer) => err.push(bytes))
    child.stdin.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') reject(error)
    })
    const text = (parts: Buffer[]) => Buffer.concat(parts).toString('utf8')
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            child.kill('SIGKILL')
            reject(new Error(`${what} did not end within ${options.timeoutMs} ms; stderr: ${text(err).slice(-2000)}`))
          }, options.timeoutMs)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code: code ?? 128 + (signal === 'SIGKILL' ? 9 : 15), stdout: text(out), stderr: text(err) })
    })
    if (options.input !== undefined) child.stdin.write(options.input)
    if (!options.keepStdinOpen) child.stdin.end()
  })
}

const INSTALL_JDK = 'install a JDK 17 or newer (with javac, not only a JRE) and put it on the PATH or in JAVA_HOME'

let checked: Promise<string> | undefined

/**
 * Resolves with the JDK's version, for example 17.0.15.
 * @throws {KafkaToolError} when there is no Java, or one older than 17
 */
export function requireJava(): Promise<string> {
  checked ??= readJavaVersion()
  return checked
}

async function readJavaVersion(): Promise<string> {
  const result = await run(jdkTool('java'), ['-XX:TieredStopAtLevel=1', '-version']).catch(missingTool)
  const version = /version "([^"]+)"/.exec(result.stderr)?.[1]
  if (version === undefined) throw new KafkaToolError(`Java is not usable (java -version says nothing known): ${INSTALL_JDK}`)
  if (Number.parseInt(version, 10) < 17) throw new KafkaToolError(`Java ${version} is too old: ${INSTALL_JDK}`)
  return version
}

/** Turns "no such command" into what to install; rethrows everything else. */
export function missingTool(error: NodeJS.ErrnoException): never {
  if (error.code !== 'ENOENT') throw error
  throw new KafkaToolError(`Java is missing (no ${error.path ?? 'java'}): ${INSTALL_JDK}`)
}
