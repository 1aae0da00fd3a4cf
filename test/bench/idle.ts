import { measureIdle } from './idle-run.ts'

/** npm run bench:idle -- [topics] [partitions of each] [seconds] */
const [topics = 100, partitionsPerTopic = 10, seconds = 30] = process.argv.slice(2).map(Number)

const usage = await measureIdle({ topics, partitionsPerTopic, seconds })
if (usage === undefined) {
  console.error('There is no /proc on this machine to read processor time and memory from.')
  process.exitCode = 1
} else {
  console.log(`${topics} topics of ${partitionsPerTopic} partitions, nobody writes, ${seconds} s`)
  console.log(`CPU       ${(usage.cpuShare * 100).toFixed(2)} % of a core (goal: under 3 %)`)
  console.log(`peak RSS  ${(usage.peakRssBytes / 1e6).toFixed(0)} MB (goal: under 250 MB)`)
  console.log(`start     ${usage.startSeconds.toFixed(1)} s until all partitions had caught up`)
}
