import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { styleText } from 'node:util'
import { CLI, readable, root } from './cli.ts'

export interface CommandResult {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  /** What the file takes from the environment: bootstrap servers. */
  readonly env: Readonly<Record<string, string>>
  /** False: neither the command nor what it prints is shown. */
  readonly shown: boolean
  /** Ends it. */
  readonly signal: AbortSignal
}

/** Runs an `isthmus` command to its end. */
export async function isthmus(args: readonly string[], { env, shown, signal }: CommandOptions): Promise<CommandResult> {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  })
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  const [code, stdout, stderr] = await Promise.all([ended, textOf(child.stdout), textOf(child.stderr)])
  if (shown) {
    console.log(commandLine(args))
    for (const line of (stdout + stderr).trimEnd().split('\n')) console.log(`  ${readable(line)}`)
    console.log(styleText('dim', `  exit code ${code}`))
  }
  return { code, stdout, stderr }
}

async function textOf(stream: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stream.setEncoding('utf8')) text += chunk
  return text
}

/** As one would type it. */
export const commandLine = (args: readonly string[]): string => styleText('cyan', `  $ isthmus ${args.map(quoted).join(' ')}`)

const quoted = (arg: string): string => (arg.includes('>') ? `'${arg}'` : arg)
