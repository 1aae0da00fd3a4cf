import assert from 'node:assert/strict'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import { type KafkaCluster, spawnJava, startCluster } from '../kafka-tool/index.ts'
import { Joined } from './joined.ts'

const HERDER_LOG = '-Dorg.slf4j.simpleLogger.log.org.apache.kafka.connect.runtime.distributed.DistributedHerder=info'
const REPLICATED = [
  '',
  'checkpoints.topic.',
  'heartbeats.topic.',
  'offset-syncs.topic.',
  'offset.storage.',
  'status.storage.',
  'config.storage.',
]

/** The flow a->b of one cluster to itself, copying nothing: only its group matters here. */
function mirrorMakerProperties({ bootstrapServers }: KafkaCluster): string {
  return [
    'clusters=a,b',
    `a.bootstrap.servers=${bootstrapServers}`,
    `b.bootstrap.servers=${bootstrapServers}`,
    'a->b.enabled=true',
    'a->b.topics=nothing',
    'b->a.enabled=false',
    'b->a.emit.heartbeats.enabled=false',
    'b.plugin.discovery=SERVICE_LOAD',
    ...REPLICATED.map(prefix => `${prefix}replication.factor=1`),
  ].join('\n')
}

class MirrorMaker {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: string[] = []
  #logged: (() => void) | undefined

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child
    child.stdout.resume()
    createInterface(child.stderr).on('line', line => {
      this.#lines.push(line)
      this.#logged?.()
    })
  }

  async logs(pattern: RegExp): Promise<void> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 60_000)
    while (!this.#lines.some(line => pattern.test(line))) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) throw new Error(this.#lines.slice(-20).join('\n'))
      await Promise.race([new Promise<void>(resolve => (this.#logged = resolve)), once(this.#child, 'exit')])
    }
    clearTimeout(timer)
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill(signal)
    await once(this.#child, 'exit')
  }
}

describe('a group shared with Java MirrorMaker 2', () => {
  let kafka: KafkaCluster
  const dir = mkdtempSync(join(tmpdir(), 'group-member-'))
  const file = join(dir, 'mm2.properties')
  before(async () => {
    kafka = await startCluster({ name: 'java-group' })
    writeFileSync(file, mirrorMakerProperties(kafka))
  })
  after(async () => {
    await kafka?.stop()
    rmSync(dir, { recursive: true })
  })

  async function start(t: { after(job: () => Promise<void>): void }): Promise<MirrorMaker> {
    const mainClass = 'org.apache.kafka.connect.mirror.MirrorMaker'
    const maker = new MirrorMaker(await spawnJava({ mainClass, args: [file], options: [HERDER_LOG] }))
    t.after(() => maker.end('SIGKILL'))
    return maker
  }

  test('is recognised, named, and taken over from once it has left', async t => {
    const maker = await start(t)
    await maker.logs(/Joined group at generation/)
    const ours = new Joined(kafka, 'a-mm2', 'isthmus')
    t.after(() => ours.end())
    const { message, by } = await ours.is('blocked')
    assert.equal(
      message,
      'a Java MirrorMaker 2 (client a->b at 127.0.0.1) runs in group a-mm2; nothing is copied until it has left',
    )
    assert.deepEqual(
      by?.map(({ memberId, ...rest }) => ({ ...rest, memberId: memberId.slice(0, 5) })),
      [{ clientId: 'a->b', host: '127.0.0.1', protocolType: 'connect', protocol: 'sessioned', memberId: 'a->b-' }],
    )
    const stopping = performance.now()
    await maker.end('SIGTERM')
    const stopped = performance.now()
    await ours.is('active')
    t.diagnostic(
      `active ${Math.round(performance.now() - stopped)} ms after its end, which took ${Math.round(stopped - stopping)} ms`,
    )
    assert.deepEqual(ours.states, ['joining', 'blocked', 'active'])
  })

  test('is refused by the broker while we hold the group, and gives up', async t => {
    const ours = new Joined(kafka, 'a-mm2', 'isthmus')
    t.after(() => ours.end())
    await ours.is('active')
    const maker = await start(t)
    await maker.logs(/Uncaught exception in herder work thread, exiting/)
    await maker.logs(/InconsistentGroupProtocolException/)
    assert.equal(ours.member.isActive, true)
    assert.deepEqual(ours.states, ['joining', 'active'])
  })
})
