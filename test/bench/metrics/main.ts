import { spread } from '../statistics.ts'
import { measureMetrics, percent, type ScrapeFigures } from './metrics-run.ts'

/** npm run bench:metrics -- [topics] [partitions of each] [seconds of each phase] [rounds] [key=value of the mirror file …] */
const numbers = [50, 100, 60, 3].map((preset, i) => Number(process.argv[i + 2] ?? preset))
const [topics = 0, partitionsPerTopic = 0, seconds = 0, rounds = 0] = numbers
const properties = Object.fromEntries(process.argv.slice(6).map(text => text.split('=', 2) as [string, string]))

const result = await measureMetrics({
  topics,
  partitionsPerTopic,
  seconds,
  rounds,
  properties,
  report: line => console.error(line),
})
if (result === undefined) {
  console.error('There is no /proc on this machine to read processor time from.')
  process.exitCode = 1
} else {
  const { unasked, scraped, plain, zipped, series, rssBytes, peakRssBytes, startSeconds, othersPercent } = result
  console.log(
    `${topics * partitionsPerTopic} partitions of ${topics} topics, nobody writes, ${rounds} rounds of ${seconds} s each way`,
  )
  console.log(`series       ${series}`)
  console.log(
    `CPU          ${percents(unasked)} of a core unasked, ${percents(scraped)} asked for /metrics every 15 s (goal: under 2 %)`,
  )
  console.log(`scrape       ${times(plain)}; with gzip ${times(zipped)} (goal: under 300 ms)`)
  console.log(`RSS          ${(rssBytes / 1e6).toFixed(0)} MB, at most ${(peakRssBytes / 1e6).toFixed(0)} MB`)
  console.log(`start        ${startSeconds.toFixed(1)} s until all partitions had caught up`)
  console.log(
    `others' CPU  ${othersPercent === undefined ? '?' : `${othersPercent.toFixed(0)} %`} of the machine, brokers not counted`,
  )
}

function percents(shares: readonly number[]): string {
  const { median, min, max } = spread(shares)!
  return `${percent(median)} (${percent(min)} to ${percent(max)})`
}

function times({ scrapes, cpuMs }: ScrapeFigures): string {
  const { median, max } = spread(scrapes.map(({ ms }) => ms))!
  return `${median.toFixed(0)} ms, at worst ${max.toFixed(0)} ms, ${cpuMs.toFixed(0)} ms of CPU, ${(scrapes[0]!.bytes / 1e6).toFixed(2)} MB`
}
