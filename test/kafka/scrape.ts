import { setTimeout as sleep } from 'node:timers/promises'
import type { Cli } from './cli-process.ts'

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** What `/metrics` said at one moment. */
export class Scrape {
  readonly samples: readonly Sample[]

  constructor(text: string) {
    this.samples = text.split('\n').flatMap(line => (line === '' || line.startsWith('#') ? [] : [sampleOf(line)]))
  }

  /** Of the one series that has these labels among its own; undefined = there is none. Throws when there are several. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const found = this.all(name, labels)
    if (found.length > 1) throw new Error(`${found.length} series ${name} ${JSON.stringify(labels)}`)
    return found[0]?.value
  }

  all(name: string, labels: Readonly<Record<string, string>> = {}): readonly Sample[] {
    return this.samples.filter(
      sample => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )
  }

  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    return this.all(name, labels).reduce((sum, { value }) => sum + value, 0)
  }
}

/** Of a process that was told to listen at port 0. */
export async function urlOf(cli: Cli): Promise<string> {
  return String((await cli.logged(/^The status page is at /)).url)
}

export async function scrape(url: string): Promise<Scrape> {
  const response = await fetch(`${url}/metrics`)
  if (!response.ok) throw new Error(`${url}/metrics answered ${response.status}`)
  return new Scrape(await response.text())
}

export async function health(
  url: string,
): Promise<{ readonly code: number; readonly status: string; readonly reasons: readonly string[] }> {
  const response = await fetch(`${url}/health`)
  const body = (await response.json()) as { readonly status: string; readonly reasons: readonly string[] }
  return { code: response.status, ...body }
}

/** The first scrape that will do. */
export async function scraped(
  url: string,
  what: string,
  isEnough: (scrape: Scrape) => boolean,
  withinMs = 20_000,
): Promise<Scrape> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const one = await scrape(url)
    if (isEnough(one)) return one
    if (Date.now() > deadline) {
      const told = one.samples.filter(({ name }) => /lag|record_count|state|health|group/.test(name))
      throw new Error(`not within ${withinMs} ms: ${what}; last ${JSON.stringify(told)}`)
    }
    await sleep(100)
  }
}

function sampleOf(line: string): Sample {
  const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line)
  if (match === null) throw new Error(`not a sample: ${line}`)
  const [, name = '', labels = '', value = ''] = match
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']) => [key, text] as const)
  return { name, labels: Object.fromEntries(pairs), value: value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value) }
}
