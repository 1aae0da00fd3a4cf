import { setTimeout as wait } from 'node:timers/promises'
import type { KafkaCluster } from '../../test/kafka-tool/index.ts'
import { commandLine } from '../shared/isthmus-command.ts'
import type { RunningCommand } from '../shared/running-command.ts'
import type { Stage } from '../shared/stage.ts'

const FOLDER = 'examples/disaster-recovery'
export const FILE = `${FOLDER}/mm2.properties`
export const FAIL_BACK_FILE = `${FOLDER}/fail-back.properties`

const SETTLED_MS = 20_000
const ASK_EVERY_MS = 300

/** What is used here of what `failover` and `failback` print with `--json`. */
export interface Report {
  readonly status: string
  readonly neverCopied: readonly {
    readonly topic: string
    readonly partition: number
    readonly firstOffset: number
    readonly lastOffset: number
  }[]
}

/** The commands of the procedure, between these clusters. */
export class Commands {
  readonly #stage: Stage
  readonly #env: Readonly<Record<string, string>>
  /** The one that the mirror runs with, or ran with last. */
  #file = FILE

  constructor(stage: Stage, primary: KafkaCluster, standby: KafkaCluster) {
    this.#stage = stage
    this.#env = { PRIMARY: primary.bootstrapServers, STANDBY: standby.bootstrapServers }
  }

  mirror(file: string): RunningCommand {
    this.#file = file
    return this.#stage.startMirror(file, this.#env)
  }

  /** `isthmus <command> <file of the mirror> <flow> ...`, shown. Rejects when it ends with another exit code. */
  async run(code: number, command: string, flow: string, ...args: readonly string[]): Promise<void> {
    const result = await this.#stage.isthmus([command, this.#file, flow, ...args], this.#env)
    if (result.code !== code) throw new Error(`isthmus ${command} ended with exit code ${result.code}, not ${code}`)
  }

  /** The same with `--json`, of which only the status is shown. Rejects when it does not end with exit code 0. */
  async report(command: string, flow: string, ...args: readonly string[]): Promise<Report> {
    const json = await this.#stage.isthmus([command, this.#file, flow, ...args, '--json'], this.#env, { shown: false })
    if (json.code !== 0) throw new Error(`isthmus ${command} ended with exit code ${json.code}:\n${json.stdout}${json.stderr}`)
    const report = JSON.parse(json.stdout) as Report
    console.log(`${commandLine([command, this.#file, flow, ...args, '--json'])}\n  status: ${report.status}`)
    return report
  }

  /** Runs it again, as it asks for, until no group is left that waits for records to be copied. */
  async settle(command: string, flow: string, ...args: readonly string[]): Promise<void> {
    const deadline = Date.now() + SETTLED_MS
    while ((await this.report(command, flow, ...args)).status === 'waiting') {
      if (Date.now() > deadline) throw new Error(`isthmus ${command}: groups still wait after ${SETTLED_MS} ms`)
      await wait(ASK_EVERY_MS)
    }
  }
}
