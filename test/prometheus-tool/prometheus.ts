import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePorts } from '../kafka-tool/ports.ts'
import { PrometheusToolError } from './errors.ts'
import { prometheusPrograms } from './programs.ts'

export interface ScrapeJob {
  readonly job: string
  /** `127.0.0.1:8083`, by the labels that their series get. */
  readonly targets: readonly { readonly address: string; readonly labels?: Readonly<Record<string, string>> }[]
}

export interface PrometheusOptions {
  readonly jobs: readonly ScrapeJob[]
  /** Of a file of rules. */
  readonly rules?: string
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Alert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly state: 'pending' | 'firing'
}

export interface Prometheus {
  readonly url: string
  /** What a query gives now. Rejects with what Prometheus says of a query that it cannot run. */
  query(expression: string): Promise<readonly Series[]>
  alerts(): Promise<readonly Alert[]>
  stop(): Promise<void>
}

const READY_MS = 30_000
const GRACE_MS = 5_000
const LOG_CHARACTERS = 4_000

/** Starts a Prometheus on loopback that asks and evaluates every second; resolves when it is ready. It does not outlive this process. */
export async function startPrometheus({ jobs, rules }: PrometheusOptions): Promise<Prometheus> {
  const { prometheus } = await prometheusPrograms()
  const [port = 0] = await freePorts(1)
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'))
  writeFileSync(join(folder, 'rules.yml'), rules ?? 'groups: []\n')
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(configuration(jobs)))
  const args = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`]
  const child = spawn(prometheus, [...args, `--web.listen-address=127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'pipe'] })
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
  const url = `http://127.0.0.1:${port}`
  const endsAtMs = performance.now() + READY_MS
  while (!(await isReady(url))) {
    if (hasEnded) throw new PrometheusToolError(`Prometheus ended at its start: ${log.trim()}`)
    if (performance.now() > endsAtMs) {
      await stop()
      throw new PrometheusToolError(`Prometheus was not ready within ${READY_MS / 1000} s: ${log.trim()}`)
    }
    await delay(100)
  }
  return {
    url,
    query: expression => query(url, expression),
    alerts: async () => (await ask<{ alerts: readonly Alert[] }>(url, 'alerts', {})).alerts,
    stop,
  }
}

/** JSON, which is YAML as well. */
function configuration(jobs: readonly ScrapeJob[]): object {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.yml'],
    scrape_configs: jobs.map(({ job, targets }) => ({
      job_name: job,
      static_configs: targets.map(({ address, labels = {} }) => ({ targets: [address], labels })),
    })),
  }
}

async function query(url: string, expression: string): Promise<readonly Series[]> {
  interface Result {
    readonly resultType: string
    readonly result: readonly { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] }[]
  }
  const { resultType, result } = await ask<Result>(url, 'query', { query: expression })
  if (resultType !== 'vector') throw new PrometheusToolError(`${expression} gives a ${resultType}`)
  return result.map(({ metric: labels, value: [, value] }) => ({ labels, value: Number(value) }))
}

async function ask<T>(url: string, what: string, parameters: Readonly<Record<string, string>>): Promise<T> {
  const response = await fetch(`${url}/api/v1/${what}?${new URLSearchParams(parameters)}`, {
    signal: AbortSignal.timeout(10_000),
  })
  const answer = (await response.json()) as { readonly status: string; readonly error?: string; readonly data: T }
  if (answer.status !== 'success') throw new PrometheusToolError(`${what} ${JSON.stringify(parameters)}: ${answer.error}`)
  return answer.data
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(1_000) })).ok
  } catch {
    return false
  }
}
