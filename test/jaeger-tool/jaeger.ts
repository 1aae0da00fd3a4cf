import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePorts } from '../kafka-tool/ports.ts'
import { jaegerProgram } from './build.ts'
import { type JaegerPorts, jaegerConfiguration } from './configuration.ts'
import { JaegerToolError } from './errors.ts'

export interface JaegerOptions {
  /** Free ones by default. */
  readonly ports?: JaegerPorts
  /** Told what takes long. */
  readonly report?: (line: string) => void
}

export interface Jaeger {
  readonly pid: number
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly otlpEndpoint: string
  /** The page, and the query API below /api. */
  readonly url: string
  /** Resolves when it has ended, however. */
  readonly exited: Promise<void>
  stop(): Promise<void>
}

const READY_MS = 30_000
const GRACE_MS = 5_000
const LOG_CHARACTERS = 4_000

/** Starts a Jaeger that keeps traces in memory; resolves when it answers. It does not outlive this process. */
export async function startJaeger({ ports, report }: JaegerOptions = {}): Promise<Jaeger> {
  const program = await jaegerProgram(report)
  const { otlp, query, queryGrpc } = ports ?? (await somePorts())
  const folder = mkdtempSync(join(tmpdir(), 'jaeger-'))
  const file = join(folder, 'jaeger.json')
  writeFileSync(file, jaegerConfiguration({ otlp, query, queryGrpc }))
  const child = spawn(program, ['--config', file], { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  const keep = (bytes: Buffer): void => {
    log = (log + bytes.toString('utf8')).slice(-LOG_CHARACTERS)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const killAtExit = (): void => void child.kill('SIGKILL')
  process.once('exit', killAtExit)
  let hasEnded = false
  const exited = once(child, 'close').then(() => {
    hasEnded = true
    process.removeListener('exit', killAtExit)
    rmSync(folder, { recursive: true, force: true })
  })
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
    await exited
    clearTimeout(timer)
  }
  const url = `http://127.0.0.1:${query}`
  const endsAtMs = performance.now() + READY_MS
  while (!(await answers(url))) {
    if (hasEnded) throw new JaegerToolError(`Jaeger ended at its start: ${log.trim()}`)
    if (performance.now() > endsAtMs) {
      await stop()
      throw new JaegerToolError(`Jaeger did not answer within ${READY_MS / 1000} s: ${log.trim()}`)
    }
    await delay(50)
  }
  return { pid: child.pid as number, otlpEndpoint: `http://127.0.0.1:${otlp}`, url, exited, stop }
}

async function somePorts(): Promise<JaegerPorts> {
  const [otlp = 0, query = 0, queryGrpc = 0] = await freePorts(3)
  return { otlp, query, queryGrpc }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/api/services`, { signal: AbortSignal.timeout(1_000) })).ok
  } catch {
    return false
  }
}
