// What is wrong with partitions, a sentence per state.
/** @import { PartitionsReport, Severity } from '../../api/status-report.ts' */
/** @import { Trouble } from './troubles.js' */
import { plural } from './format.js'

/** `marks`: words of the health's reasons that say the same. @typedef {{ severity: Severity, one: string, many: string, marks: readonly string[] }} Kind */

/** @type {Record<'FAILED' | 'RETRYING' | 'GAP' | 'RECREATED', Kind>} */
const KINDS = {
  FAILED: {
    severity: 'error',
    one: 'partition has failed and is not copied',
    many: 'partitions have failed and are not copied',
    marks: ['FAILED', 'partitions of task'],
  },
  RETRYING: {
    severity: 'warning',
    one: 'partition makes no progress',
    many: 'partitions make no progress',
    marks: ['no progress'],
  },
  GAP: {
    severity: 'warning',
    one: 'partition lost records at the source before they were copied',
    many: 'partitions lost records at the source before they were copied',
    marks: ['lost records'],
  },
  RECREATED: {
    severity: 'warning',
    one: 'partition is of a topic that was created again',
    many: 'partitions are of topics that were created again',
    marks: ['created again'],
  },
}

/** @param {PartitionsReport} partitions @param {string} subject @param {string} name of the flow or connector @returns {Trouble[]} */
export function partitionTroubles({ byState, shown }, subject, name) {
  return /** @type {(keyof typeof KINDS)[]} */ (Object.keys(KINDS)).flatMap(state => {
    const number = byState[state] ?? 0
    if (number === 0) return []
    const { severity, one, many, marks } = KINDS[state]
    const first = shown.find(partition => partition.state === state && partition.cause !== undefined)
    return {
      key: `${state} ${name}`,
      severity,
      subject: `${subject}:`,
      text: plural(number, one, many),
      about: number === 1 || first === undefined ? first?.name : `e.g. ${first.name}`,
      cause: first?.cause,
      sinceMs: first?.sinceMs,
      marks: [name, ...marks],
    }
  })
}
