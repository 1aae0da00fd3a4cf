import { fileURLToPath } from 'node:url'

const ISTHMUS = new URL('../../framework/index.ts', import.meta.url).href

/** `file://` in front of a path. */
export const framework = fileURLToPath(ISTHMUS)

const source = (name: string, batches: string): string => `
import { Observable } from 'rxjs'
import { connectRecord, pollWith, SourceConnector, SourceTask } from '${ISTHMUS}'

class Task extends SourceTask {
  next = 0
  async start({ config, offsets }) {
    this.config = config
    const [stored] = await offsets([{ counter: config.name }])
    this.next = Number(stored?.next ?? 0)
  }
  part(count) {
    const records = Array.from({ length: count }, (_, i) => connectRecord({ topic: this.config.topic, key: String(this.next + i), value: { n: this.next + i } }))
    this.next += count
    return { sourcePartition: { counter: this.config.name }, sourceOffset: { next: this.next }, records }
  }
  ${batches}
}

export class ${name} extends SourceConnector {
  definition = { topic: { type: 'string', doc: 'where to' }, upto: { type: 'int', default: '1000', doc: 'how many' } }
  async start({ config }) { this.config = config }
  async taskConfigs() { return [this.config] }
  createTask() { return new Task() }
}
`

/** Sources of numbers, one after the other, as modules in JavaScript. */
export const modules = {
  /** Up to `upto`, and goes on after what it has stored. */
  counter: source(
    'CounterConnector',
    `batches = pollWith(async () => {
    const left = Number(this.config.upto) - this.next
    return left <= 0 ? [] : [this.part(Math.min(100, left))]
  })`,
  ),
  /** Emits two batches for its first demand. */
  twice: source(
    'TwiceConnector',
    `batches(demand$) {
    return new Observable(out => demand$.subscribe(() => { out.next({ parts: [this.part(1)] }); out.next({ parts: [this.part(1)] }) }))
  }`,
  ),
  /** Its \`stop\` never ends. */
  endless: source(
    'EndlessConnector',
    `batches = pollWith(async () => [])
  stop() { return new Promise(() => {}) }`,
  ),
  /** Fails to start twice. */
  late: source('LateConnector', 'batches = pollWith(async () => this.next === 0 ? [this.part(100)] : [])').replace(
    'async start({ config }) { this.config = config }\n  async taskConfigs',
    `async start({ config }) {
    this.config = config
    globalThis.starts = (globalThis.starts ?? 0) + 1
    if (globalThis.starts < 3) throw new Error('the source is away')
  }
  async taskConfigs`,
  ),
  throws: 'throw new Error("no licence")',
  other: 'export class Other { start() {} taskConfigs() {} createTask() {} }',
  /** Never finishes loading. */
  waits: 'setInterval(() => {}, 1000)\nawait new Promise(() => {})\nexport class Waits {}',
} as const
