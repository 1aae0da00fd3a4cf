import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { mirrorProperties } from '../../kafka/mirror-process.ts'
import { Scrape } from '../../kafka/scrape.ts'
import { type KafkaCluster, startBridge, startCluster } from '../../kafka-tool/index.ts'
import { freePorts } from '../../kafka-tool/ports.ts'
import { formatProperties } from '../../kafka-tool/server-properties.ts'
import { build } from '../contestants/isthmus.ts'
import { watchOthers } from '../disturbance.ts'
import { isthmusProgram } from '../paths.ts'
import { usageOf } from '../process-usage.ts'
import { type StartedProcess, startProcess } from '../processes.ts'
import { type TimedScrape, timedScrape } from './timed-scrape.ts'

export interface MetricsBenchOptions {
  readonly topics: number
  readonly partitionsPerTopic: number
  /** Of each phase. */
  readonly seconds: number
  readonly rounds: number
  /** Beside the file of the mirror. */
  readonly properties?: Readonly<Record<string, string>>
  readonly report: (line: string) => void
}

export interface MetricsBenchResult {
  /** Of one core, each round: while nobody asks, and while /metrics is asked for every 15 s. */
  readonly unasked: readonly number[]
  readonly scraped: readonly number[]
  readonly plain: ScrapeFigures
  readonly zipped: ScrapeFigures
  readonly series: number
  readonly rssBytes: number
  readonly peakRssBytes: number
  /** From the start of the process until all partitions had caught up. */
  readonly startSeconds: number
  /** Of the CPU of the machine, by others, over all phases; undefined = cannot be told. */
  readonly othersPercent: number | undefined
}

/** Of scrapes one after the other. */
export interface ScrapeFigures {
  readonly scrapes: readonly TimedScrape[]
  /** Of the mirror, for each: what others take from the machine does not lengthen it. */
  readonly cpuMs: number
}

const INTERVAL_S = 15
/** Not counted: what is compiled and collected late. */
const SETTLE_MS = 15_000
const CAUGHT_UP_MS = 300_000
const TIMED = 20
const BETWEEN_MS = 500
/** Thousands of logs on a small broker: their indexes are the most of it. One that gets little of the processor keeps its partitions. */
const BROKER = {
  heapMb: 1024,
  config: {
    'log.index.size.max.bytes': '65536',
    'log.retention.check.interval.ms': '300000',
    'broker.session.timeout.ms': '60000',
    'controller.quorum.fetch.timeout.ms': '30000',
  },
}

/** What a mirror of partitions to which nobody writes costs, with and without somebody who looks; undefined where there is no /proc. */
export async function measureMetrics(options: MetricsBenchOptions): Promise<MetricsBenchResult | undefined> {
  await build()
  const [source, target] = await Promise.all(['source', 'target'].map(name => startCluster({ name, ...BROKER })))
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-bench-metrics-'))
  try {
    await createTopics(source!, options)
    const [port] = await freePorts(1)
    const file = join(folder, 'mm2.properties')
    writeFileSync(file, formatProperties({ ...fileOf(source!, target!), ...options.properties }))
    const args = [isthmusProgram, 'mirror', file, '--clusters', 'B', '--listen', `127.0.0.1:${port}`]
    const mirror = await startProcess(process.execPath, args, { env: { ...process.env, NODE_ENV: 'production' } })
    try {
      return await measured(mirror, `http://127.0.0.1:${port}/metrics`, options)
    } finally {
      await mirror.stop(10_000)
    }
  } finally {
    rmSync(folder, { recursive: true })
    await Promise.all([source?.stop(), target?.stop()])
  }
}

async function createTopics(source: KafkaCluster, { topics, partitionsPerTopic, report }: MetricsBenchOptions): Promise<void> {
  const bridge = await startBridge()
  try {
    for (let topic = 0; topic < topics; topic++) {
      await bridge.createTopic(source, `idle-${topic}`, { partitions: partitionsPerTopic })
    }
    report(`${topics} topics with ${topics * partitionsPerTopic} partitions are there`)
  } finally {
    await bridge.close()
  }
}

/** The defaults of a mirror file, but for replication. */
function fileOf(source: KafkaCluster, target: KafkaCluster): Readonly<Record<string, string>> {
  const short = ['refresh.topics.interval.seconds', 'B.session.timeout.ms', 'B.heartbeat.interval.ms']
  return Object.fromEntries(Object.entries(mirrorProperties(source, target)).filter(([key]) => !short.includes(key)))
}

async function measured(
  mirror: StartedProcess,
  url: string,
  { topics, partitionsPerTopic, seconds, rounds, report }: MetricsBenchOptions,
): Promise<MetricsBenchResult | undefined> {
  const startedAt = performance.now()
  const series = await caughtUp(mirror, url, topics * partitionsPerTopic)
  const startSeconds = (performance.now() - startedAt) / 1000
  report(`all caught up after ${startSeconds.toFixed(1)} s; ${series} series`)
  await sleep(SETTLE_MS)
  const others = watchOthers()
  const unasked: number[] = []
  const scraped: number[] = []
  for (let round = 0; unasked.length < rounds && round < 2 * rounds; round++) {
    const before = await retries(url)
    const without = await cpuShare(mirror, seconds, undefined)
    const withScrapes = await cpuShare(mirror, seconds, () => timedScrape(url, 'gzip'))
    if (without === undefined || withScrapes === undefined) return undefined
    const isIdle = (await retries(url)) === before
    report(`${percent(without)} of a core, scraped ${percent(withScrapes)}${isIdle ? '' : '; not counted: a broker was away'}`)
    if (!isIdle) continue
    unasked.push(without)
    scraped.push(withScrapes)
  }
  if (unasked.length === 0) throw new Error('there was no round in which the brokers were there all the time')
  const othersPercent = others()
  const plain = await timed(mirror, url, 'identity')
  const zipped = await timed(mirror, url, 'gzip')
  const peakRssBytes = usageOf(mirror.pid)?.peakRssBytes ?? 0
  return { unasked, scraped, plain, zipped, series, rssBytes: rssOf(mirror.pid), peakRssBytes, startSeconds, othersPercent }
}

/** How often partitions began to make no progress. */
async function retries(url: string): Promise<number> {
  return new Scrape(await (await fetch(url)).text()).sum('isthmus_retries_total')
}

async function timed(mirror: StartedProcess, url: string, encoding: 'gzip' | 'identity'): Promise<ScrapeFigures> {
  const scrapes: TimedScrape[] = []
  const before = usageOf(mirror.pid)?.cpuSeconds ?? 0
  for (let i = 0; i < TIMED; i++) {
    scrapes.push(await timedScrape(url, encoding))
    await sleep(BETWEEN_MS)
  }
  const after = usageOf(mirror.pid)?.cpuSeconds ?? 0
  return { scrapes, cpuMs: ((after - before) * 1000) / TIMED }
}

/** Resolves with how many series there are. */
async function caughtUp(mirror: StartedProcess, url: string, partitions: number): Promise<number> {
  const deadline = performance.now() + CAUGHT_UP_MS
  for (;;) {
    mirror.check()
    const text = await fetch(url).then(
      response => response.text(),
      () => '',
    )
    const shown = new Scrape(text)
    if (shown.sum('isthmus_partitions', { connector: 'MirrorSourceConnector', state: 'CAUGHT_UP' }) === partitions) {
      return shown.samples.length
    }
    if (performance.now() > deadline) throw new Error(`not all caught up within ${CAUGHT_UP_MS / 1000} s: ${mirror.output()}`)
    await sleep(1_000)
  }
}

/** Of one core, of the process and what it started. */
async function cpuShare(
  mirror: StartedProcess,
  seconds: number,
  scrape: (() => Promise<unknown>) | undefined,
): Promise<number | undefined> {
  const before = usageOf(mirror.pid)
  const startedAt = performance.now()
  const endsAt = startedAt + seconds * 1000
  for (let at = startedAt + (INTERVAL_S * 1000) / 2; scrape !== undefined && at < endsAt; at += INTERVAL_S * 1000) {
    await sleep(Math.max(0, at - performance.now()))
    await scrape()
  }
  await sleep(Math.max(0, endsAt - performance.now()))
  const after = usageOf(mirror.pid)
  mirror.check()
  if (before === undefined || after === undefined) return undefined
  return (after.cpuSeconds - before.cpuSeconds) / ((performance.now() - startedAt) / 1000)
}

export const percent = (share: number): string => `${(share * 100).toFixed(2)} %`

function rssOf(pid: number): number {
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
}
