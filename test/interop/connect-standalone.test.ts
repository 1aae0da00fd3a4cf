import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Cli } from '../kafka/cli-process.ts'
import { startBridge, startCluster, startConnectStandalone } from '../kafka-tool/index.ts'
import { formatProperties } from '../kafka-tool/server-properties.ts'

type Properties = Readonly<Record<string, string>>

/** Lines as users have them: empty, long, of other scripts, with what a shell or JSON would take for its own. */
const LINES = ['first', '', 'Grüße, 世界 🌍', '{"a": 1}', 'x'.repeat(20_000), '\ttabs and "quotes" \\', 'last']
const CONVERTER = 'org.apache.kafka.connect.storage.StringConverter'

test('files copied through a topic by Java Connect standalone and by ours, configured by the same files, are the same', async t => {
  const [cluster, bridge] = await Promise.all([startCluster(), startBridge()])
  const folder = mkdtempSync(join(tmpdir(), 'connect-standalone-'))
  t.after(async () => {
    await Promise.all([cluster.stop(), bridge.close()])
    rmSync(folder, { recursive: true })
  })
  const input = join(folder, 'input.txt')
  writeFileSync(input, LINES.map(line => `${line}\n`).join(''))
  const outputOf = (topic: string): string => join(folder, `${topic}.txt`)
  const worker = (topic: string): Properties => ({
    'bootstrap.servers': cluster.bootstrapServers,
    'key.converter': CONVERTER,
    'value.converter': CONVERTER,
    'offset.storage.file.filename': join(folder, `${topic}.offsets`),
  })
  const connectors = (topic: string): Properties[] => [
    { name: `${topic}-source`, 'connector.class': 'FileStreamSource', file: input, topic },
    { name: `${topic}-sink`, 'connector.class': 'FileStreamSink', file: outputOf(topic), topics: topic },
  ]
  for (const topic of ['java', 'ours']) await bridge.createTopic(cluster, topic, { partitions: 1 })

  const java = await startConnectStandalone({ worker: worker('java'), connectors: connectors('java') })
  await awaitLines(outputOf('java'), java.log)
  assert.equal(await java.stop(), 143, 'Java leaves the exit code of SIGTERM to the system')

  const files = [worker('ours'), ...connectors('ours')].map((properties, i) => {
    const file = join(folder, `${i}.properties`)
    writeFileSync(file, formatProperties(properties))
    return file
  })
  const ours = new Cli(['connect', 'standalone', ...files], folder)
  await awaitLines(outputOf('ours'), () => 'isthmus')
  ours.signal('SIGTERM')
  const { code, stderr } = await ours.ended
  assert.equal(code, 0, stderr)

  assert.deepEqual(readFileSync(outputOf('ours'), 'utf8'), readFileSync(outputOf('java'), 'utf8'))
  assert.deepEqual(readFileSync(outputOf('java'), 'utf8').split('\n'), [...LINES, ''])
  const [byJava, byOurs] = await Promise.all(['java', 'ours'].map(topic => bridge.dump(cluster, topic)))
  const bytes = (records: typeof byJava) => records?.map(({ key, value, headers }) => ({ key, value, headers }))
  assert.equal(byJava?.length, LINES.length)
  assert.deepEqual(bytes(byOurs), bytes(byJava))
})

async function awaitLines(file: string, log: () => string): Promise<void> {
  const deadline = performance.now() + 60_000
  const isThere = (): boolean => existsSync(file) && readFileSync(file, 'utf8').split('\n').length > LINES.length
  while (!isThere()) {
    assert.ok(performance.now() < deadline, `${file} is not written:\n${log().slice(-5_000)}`)
    await sleep(50)
  }
}
