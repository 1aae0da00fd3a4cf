import Table from 'cli-table3'
import { measureCheckpoints, type PhaseResult } from './checkpoint-run.ts'

/** npm run bench:checkpoints -- [groups] [partitions] [seconds of each phase] [contestants, comma separated] */
const [groups, partitions, seconds] = [1_000, 50, 30].map((preset, i) => Number(process.argv[i + 2] ?? preset)) as [
  number,
  number,
  number,
]
const contestants = (process.argv[5] ?? 'isthmus,mm2').split(',').filter(name => name === 'isthmus' || name === 'mm2')

const row = (result: PhaseResult): string[] => [
  result.contestant,
  `${result.groupsPerSecond} groups/s`,
  `${(100 * result.cpuShare).toFixed(1)} %`,
  `${(result.peakRssBytes / 1e6).toFixed(0)} MB`,
  result.committedPerSecond.toFixed(0),
  result.checkpointsPerSecond.toFixed(0),
  result.othersPercent === undefined ? '?' : `${result.othersPercent.toFixed(0)} %`,
]

console.error(`${groups} groups of ${partitions} partitions each, a checkpoint round every second, ${seconds} s a phase`)
const results = await measureCheckpoints({ groups, partitions, seconds, contestants }, result =>
  console.error(row(result).join('  ')),
)
const table = new Table({
  head: ['', 'commit', 'CPU, of a core', 'peak RSS', 'offsets committed/s', 'checkpoints/s', "others' CPU"],
  style: { head: [], border: [] },
})
table.push(...results.map(row))
console.log(table.toString())
