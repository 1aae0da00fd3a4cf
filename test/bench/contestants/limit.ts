import { firstSegments } from '../log-files.ts'
import { limitProgram } from '../paths.ts'
import { startProcess } from '../processes.ts'
import { PARTITIONS } from '../workloads.ts'
import type { Contestant } from './contestant.ts'

/** What the target takes from one producer that has the source's batches in memory: nothing is fetched, joined or compressed. */
export const limit: Contestant = {
  name: 'limit',
  settings:
    "the source's batches from memory, as they are: one connection, idempotent, 5 requests in flight, one batch per partition in each",
  isMirror: false,
  start: ({ source, target, topic, targetTopic, records }) =>
    startProcess(process.execPath, [
      limitProgram,
      target.bootstrapServers,
      targetTopic,
      String(records / PARTITIONS),
      ...firstSegments(source, topic),
    ]),
}
