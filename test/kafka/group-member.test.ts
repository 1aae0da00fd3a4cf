import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { filter, firstValueFrom } from 'rxjs'
import { GroupMember } from '../../framework/kafka/group-member.ts'
import { type KafkaCluster, startCluster } from '../kafka-tool/index.ts'
import { Joined, TIMES } from './joined.ts'
import { testClient } from './test-cluster.ts'

describe('one active member of a group, the others standing by', () => {
  let kafka: KafkaCluster
  before(async () => {
    kafka = await startCluster({ name: 'group' })
  })
  after(() => kafka?.stop())

  function join(
    t: { after(job: () => Promise<void>): void },
    groupId: string,
    info: string,
    times?: Partial<typeof TIMES>,
  ): Joined {
    const joined = new Joined(kafka, groupId, info, times)
    t.after(() => joined.end())
    return joined
  }

  test('the first is active at once and stays so when others come and go', async t => {
    const started = performance.now()
    const first = join(t, 'stable', 'first')
    await first.is('active')
    t.diagnostic(`active after ${Math.round(performance.now() - started)} ms`)
    const second = join(t, 'stable', 'second')
    assert.equal((await second.is('standby')).activeInfo, 'first')
    const third = join(t, 'stable', 'third')
    await third.is('standby')
    await second.end()
    assert.equal(first.member.isActive, true)
    assert.deepEqual(first.states, ['joining', 'active'])
  })

  test('a member that leaves hands over at once, to the one that has waited longest', async t => {
    const first = join(t, 'handed', 'first')
    await first.is('active')
    const second = join(t, 'handed', 'second')
    await second.is('standby')
    const third = join(t, 'handed', 'third')
    await third.is('standby')
    const left = performance.now()
    await first.end()
    await second.is('active')
    const takeoverMs = performance.now() - left
    t.diagnostic(`took over ${Math.round(takeoverMs)} ms after the other left`)
    assert.ok(takeoverMs < TIMES.sessionTimeoutMs / 2)
    assert.deepEqual(first.states, ['joining', 'active', 'left'])
    assert.equal(third.member.state.kind, 'standby')
  })

  test('a member that dies is replaced after the session timeout', async t => {
    const first = join(t, 'died', 'first')
    await first.is('active')
    const second = join(t, 'died', 'second')
    await second.is('standby')
    const died = performance.now()
    first.die()
    await second.is('active')
    const takeoverMs = performance.now() - died
    t.diagnostic(`took over ${Math.round(takeoverMs)} ms after the other died, session timeout ${TIMES.sessionTimeoutMs} ms`)
    assert.ok(takeoverMs > TIMES.sessionTimeoutMs - 2 * TIMES.heartbeatIntervalMs - 100)
    assert.ok(takeoverMs < TIMES.sessionTimeoutMs + 2 * TIMES.heartbeatIntervalMs + 1_000)
  })

  test('a dead stand-by does not make the active one give up, though its end takes longer than a session', async t => {
    const first = join(t, 'patient', 'first', { sessionTimeoutMs: 1_500 })
    await first.is('active')
    const second = join(t, 'patient', 'second', { sessionTimeoutMs: 5_000 })
    await second.is('standby')
    second.die()
    const third = join(t, 'patient', 'third')
    await third.is('standby')
    assert.deepEqual(first.states, ['joining', 'active'])
  })

  test('a coordinator that is gone: active ends before the session does, and comes back with the coordinator', async t => {
    const first = join(t, 'gone', 'first')
    await first.is('active')
    const second = join(t, 'gone', 'second')
    await second.is('standby')
    const [broker] = kafka.brokers as [KafkaCluster['brokers'][0]]
    const gone = performance.now()
    await broker.kill()
    await first.is('joining')
    const ended = performance.now() - gone
    t.diagnostic(
      `active ended ${Math.round(ended)} ms after the coordinator was killed, session timeout ${TIMES.sessionTimeoutMs} ms`,
    )
    assert.ok(ended < TIMES.sessionTimeoutMs)
    assert.equal(first.member.isActive, false)
    await broker.start()
    const active = await Promise.race([
      first.is('active', 30_000).then(() => first),
      second.is('active', 30_000).then(() => second),
    ])
    const other = active === first ? second : first
    await other.is('standby')
    assert.equal(other.member.isActive, false)
    assert.equal(active.member.isActive, true)
  })

  test('a session timeout that the brokers refuse ends the membership, with what to do', async t => {
    const { cluster } = testClient(kafka.bootstrapServers)
    t.after(() => cluster.close())
    const options = { ...TIMES, sessionTimeoutMs: 10, groupId: 'refused', clientInfo: 'x' }
    const member = GroupMember.join(cluster, options, new AbortController().signal)
    await assert.rejects(firstValueFrom(member.state$.pipe(filter(({ kind }) => kind === 'active'))), {
      code: 'INVALID_SESSION_TIMEOUT',
      message: /group refused.*session\.timeout\.ms \(10\).*group\.min\.session\.timeout\.ms/,
    })
    await member.leave()
  })
})
