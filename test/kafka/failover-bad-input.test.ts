import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { type CliResult, runCli } from './cli-process.ts'
import { named, Pair } from './failover-commands.ts'

const AUTHORIZED = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:admin;User:ANONYMOUS',
}
const USER = { username: 'operator', password: 'not-so-secret', mechanism: 'SCRAM-SHA-256' } as const

describe('commands that cannot be carried out', { concurrency: false, timeout: 120_000 }, () => {
  let a: KafkaCluster
  let b: KafkaCluster
  let bridge: Bridge
  let pair: Pair
  before(async () => {
    ;[a, b, bridge] = await Promise.all([
      startCluster({ name: 'a' }),
      startCluster({ name: 'b', security: 'SASL_PLAINTEXT', config: AUTHORIZED }),
      startBridge(),
    ])
    await bridge.createUser(b, USER)
    pair = new Pair(a, b, {
      'A->B.enabled': 'true',
      'B.security.protocol': 'SASL_PLAINTEXT',
      'B.sasl.mechanism': 'SCRAM-SHA-256',
      'B.sasl.jaas.config': login(USER.username, USER.password),
    })
    await bridge.createTopic(a, 'orders')
    await bridge.produce(a, 'orders', named('a', 10))
    for (const group of ['billing', 'audit'])
      await bridge.alterGroupOffsets(a, group, [{ topic: 'orders', partition: 0, offset: 5 }])
  })
  after(async () => {
    pair?.remove()
    await Promise.all([bridge?.close(), a?.stop(), b?.stop()])
  })

  const login = (username: string, password: string): string =>
    `org.apache.kafka.common.security.scram.ScramLoginModule required username="${username}" password="${password}";`

  const run = (...args: readonly string[]): Promise<CliResult> => runCli(...args)

  /** Nothing on standard output, and these lines, the log aside, on standard error. */
  function assertTold({ code, stdout, stderr }: CliResult, expected: number, ...patterns: readonly RegExp[]): void {
    assert.deepEqual([code, stdout], [expected, ''], stderr)
    const lines = stderr.split('\n').filter(line => line !== '' && !line.startsWith('{'))
    assert.equal(lines.length, patterns.length, stderr)
    for (const pattern of patterns)
      assert.ok(
        lines.some(line => pattern.test(line)),
        `${pattern}\n${stderr}`,
      )
  }

  test('a flow that is none, an unknown cluster, and a flow that the shell took apart', async () => {
    const file = pair.file()
    assertTold(await run('failover', file, 'A->C', '--plan'), 1, /: flow = A->C: the file names no cluster C \(clusters = A, B\)/)
    assertTold(await run('offsets', file, 'A-'), 1, /: flow = A-: the shell took > for a redirection .*'A->B', or write A:B/)
    assertTold(await run('failback', file, 'A', '--plan'), 1, /: flow = A: must be a flow between two clusters of the file/)
    assertTold(await run('failback', file), 1, /missing required argument 'flow'/, /^isthmus failback --help tells more$/)
  })

  test('neither --plan nor --apply, both, and a time that is none', async () => {
    const file = pair.file()
    assertTold(await run('failover', file, 'A:B'), 1, /^--plan: give --plan to see what would be done, or --apply to do it$/)
    assertTold(await run('failover', file, 'A:B', '--plan', '--apply'), 1, /^--plan: give one of --plan and --apply, not both$/)
    assertTold(await run('offsets', file, 'A:B', '--timeout', 'soon'), 1, /^--timeout = soon: must be a number of seconds from 1/)
    assertTold(
      await run('failback', file, 'A:B', '--apply', '--start-only', '--group', 'g'),
      1,
      /^--start-only: moves no group; leave out --group$/,
    )
  })

  test('a file that is not there, and one with problems of the flow', async () => {
    assertTold(await run('offsets', 'no-such.properties', 'A:B'), 1, /^no-such\.properties: there is no such file/)
    const file = pair.file({ 'A->B.groups': 'billing[', 'B.security.protocol': 'SASL' })
    assertTold(
      await run('failover', file, 'A:B', '--plan'),
      1,
      /: A->B\.groups = billing\[: /,
      /: B\.security\.protocol = SASL: /,
    )
  })

  test('a wrong password for the target: exit code 3, at once, and it is not shown', async () => {
    const file = pair.file({ 'B.sasl.jaas.config': login('operator', 'guess-42') })
    const result = await run('failover', file, 'A:B', '--plan')
    assertTold(result, 3, /: B\.sasl\.mechanism = SCRAM-SHA-256: cluster B cannot be used so: .*refused the credentials/)
    assert.doesNotMatch(result.stderr, /guess-42/)
  })

  test('an offset map that may not be read: exit code 3 says which topic, and what to do', async () => {
    assertTold(
      await run('offsets', pair.file(), 'A:B'),
      3,
      /: cluster B: metadata of topic isthmus-offset-map\.A\.internal: TOPIC_AUTHORIZATION_FAILED .*; grant DESCRIBE and READ/,
    )
    for (const topic of ['isthmus-offset-map.A.internal', 'mm2-offsets.A.internal']) await allow('TOPIC', topic, 'READ')
  })

  test('an unknown group: the nearest one, and all there are', async () => {
    await allow('GROUP', 'billing', 'DESCRIBE')
    assertTold(
      await run('failover', pair.file(), 'A:B', '--apply', '--group', 'biling', '--group', 'billing'),
      1,
      /^--group = biling: no consumer group of A; did you mean billing\?; there are audit, billing$/,
    )
  })

  test('checkpoints that may not be read, when they are needed: exit code 3 says which topic; nothing is set', async () => {
    const file = pair.file({ 'A.bootstrap.servers': '127.0.0.1:1' })
    await bridge.createTopic(b, 'A.checkpoints.internal')
    const topicRead = { resourceType: 'TOPIC', name: 'A.checkpoints.internal', operation: 'READ', principal: 'User:operator' }
    await bridge.createAcls(b, [topicRead])
    const empty = await run('failover', file, 'A:B', '--apply', '--timeout', '2')
    assert.deepEqual([empty.code, /^REFUSED {2}no group has a checkpoint on B/m.test(empty.stdout)], [5, true], empty.stdout)
    await bridge.deleteAcls(b, [topicRead])
    await bridge.produce(b, 'A.checkpoints.internal', [{ value: 'unreadable' }])
    await allow('TOPIC', 'A.checkpoints.internal', 'DESCRIBE')
    assertTold(
      await run('failover', file, 'A:B', '--apply', '--timeout', '2'),
      3,
      /: B\.bootstrap\.servers = .*: cluster B: .*A\.checkpoints\.internal.*TOPIC_AUTHORIZATION_FAILED/,
    )
    assert.deepEqual(await bridge.groupOffsets(b, 'billing'), [])
  })

  test('a group that may not be set: the refusal is told with what was done before it', async () => {
    await bridge.createTopic(b, 'A.orders')
    await allow('TOPIC', 'A.orders', 'READ')
    await allow('GROUP', 'audit', 'READ')
    await bridge.alterGroupOffsets(a, 'audit', [{ topic: 'orders', partition: 0, offset: 0 }])
    await bridge.alterGroupOffsets(a, 'billing', [{ topic: 'orders', partition: 0, offset: 0 }])
    const { code, report } = await pair.run('failover', 'A->B', '--apply', '--force', '--group', 'audit', '--group', 'billing')
    assert.deepEqual([code, report.status], [4, 'failed'])
    assert.deepEqual(
      (await bridge.groupOffsets(b, 'audit')).map(({ offset }) => offset),
      [0],
    )
    const { stdout } = await run('failover', pair.file(), 'A:B', '--apply', '--force', '--group', 'billing')
    assert.match(stdout, /^Nothing was set; group billing was refused: .*GROUP_AUTHORIZATION_FAILED.*\. Run this again\.$/m)
  })

  const allow = (resourceType: string, name: string, operation: string): Promise<void> =>
    bridge.createAcls(b, [{ resourceType, name, operation, principal: 'User:operator' }])
})
