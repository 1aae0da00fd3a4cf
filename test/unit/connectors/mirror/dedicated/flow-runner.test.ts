import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FlowRunner } from '../../../../../connectors/mirror/dedicated/flow-runner.ts'
import { ConnectError } from '../../../../../framework/api/index.ts'
import { SecurityError } from '../../../../../framework/kafka/client-errors.ts'
import { FakeFlow, PARTITION, reached, until } from './fake-flow.ts'

const LIMIT = { timeout: 10_000 }

async function running(): Promise<{ readonly fake: FakeFlow; readonly flow: FlowRunner }> {
  const fake = new FakeFlow()
  const flow = new FlowRunner(fake)
  flow.start()
  await until(() => fake.members.length === 1)
  fake.member.state$.next({ kind: 'active' })
  await reached(flow, 'RUNNING')
  return { fake, flow }
}

test('nothing is copied before the flow is active, and then it is', LIMIT, async () => {
  const fake = new FakeFlow()
  const flow = new FlowRunner(fake)
  flow.start()
  await until(() => fake.members.length === 1)
  fake.member.state$.next({ kind: 'standby', activeInfo: 'isthmus on host1, process 7' })
  await reached(flow, 'STANDBY')
  assert.equal(flow.status().cause, 'copied by isthmus on host1, process 7')
  assert.equal(fake.tasks.length, 0)
  fake.member.state$.next({ kind: 'active' })
  await reached(flow, 'RUNNING')
  assert.equal(flow.status().cause, undefined)
  await until(() => fake.tasks.length === 1)
  await flow.stop()
})

test('a program of another kind in the group is named, and nothing is copied until it has left', LIMIT, async () => {
  const fake = new FakeFlow()
  const flow = new FlowRunner(fake)
  flow.start()
  await until(() => fake.members.length === 1)
  fake.member.state$.next({ kind: 'blocked', by: [], message: 'a Java MirrorMaker 2 runs in group A-mm2' })
  await reached(flow, 'BLOCKED')
  assert.equal(flow.status().cause, 'a Java MirrorMaker 2 runs in group A-mm2')
  assert.equal(fake.tasks.length, 0)
  fake.member.state$.next({ kind: 'active' })
  await reached(flow, 'RUNNING')
  await flow.stop()
})

test('stop drains and stores offsets, and only then leaves the group', LIMIT, async () => {
  const { fake, flow } = await running()
  await until(() => fake.tasks.length === 1)
  const [task] = fake.tasks
  await until(() => task?.batch$.observed === true)
  task?.emit(9)
  const [writer] = fake.writers
  await until(() => writer?.pending === 1)
  const stopped = flow.stop()
  assert.equal(flow.status().state, 'STOPPING')
  assert.equal(fake.member.hasLeft, false)
  writer?.ackAll()
  await stopped
  assert.deepEqual(fake.saved, [[[PARTITION, { offset: 9 }]]])
  assert.equal(fake.member.hasLeft, true)
  assert.deepEqual([flow.status().state, flow.status().records], ['STOPPED', 10])
  assert.deepEqual([fake.openStores, fake.isClosed], [0, true])
})

test('a lost place ends copying at once, without a last commit; a new one starts it again', LIMIT, async () => {
  const { fake, flow } = await running()
  await until(() => fake.tasks[0]?.batch$.observed === true)
  fake.tasks[0]?.emit(9)
  await until(() => fake.writers[0]?.pending === 1)
  fake.writers[0]?.ackAll()
  await until(() => flow.status().partitionsByState.COPYING === 1)
  fake.member.state$.next({ kind: 'joining' })
  await reached(flow, 'RETRYING')
  await until(() => fake.openStores === 0)
  assert.deepEqual(fake.saved, [])
  assert.equal(fake.writers[0]?.closed, true)
  fake.member.state$.next({ kind: 'active' })
  await reached(flow, 'RUNNING')
  await until(() => fake.tasks.length === 2)
  assert.equal(flow.status().records, 10)
  await flow.stop()
})

test('what does not answer is shown and tried again; both sides count', LIMIT, async () => {
  const fake = new FakeFlow()
  fake.down.add('source')
  const flow = new FlowRunner(fake)
  flow.start()
  await reached(flow, 'RETRYING')
  assert.equal(flow.status().cause, 'no broker of the source')
  await until(() => fake.members.length === 1)
  fake.member.state$.next({ kind: 'active' })
  assert.deepEqual([...flow.unreachable.keys()], ['source'])
  assert.equal(fake.tasks.length, 0)
  fake.down.delete('source')
  await flow.reached
  await reached(flow, 'RUNNING')
  assert.equal(flow.unreachable.size, 0)
  await flow.stop()
})

test('a cluster that refuses us at the start fails the flow, which leaves the group to others', LIMIT, async () => {
  const fake = new FakeFlow()
  fake.reach = async side => {
    if (side === 'source') throw new SecurityError('wrong password')
  }
  const flow = new FlowRunner(fake)
  flow.start()
  await reached(flow, 'FAILED')
  await flow.reached
  assert.equal(flow.status().cause, 'wrong password')
  assert.deepEqual([...flow.unreachable.keys()], ['source'])
  await until(() => fake.isClosed)
  assert.ok(fake.members.every(member => member.hasLeft))
  await flow.stop()
  assert.equal(flow.status().state, 'FAILED')
})

test('offsets that cannot be opened fail the flow even where it stands by', LIMIT, async () => {
  const fake = new FakeFlow()
  fake.offsetsError = new ConnectError('INVALID_REPLICATION_FACTOR', 'too few brokers', { kind: 'configuration', stage: 'start' })
  const flow = new FlowRunner(fake)
  flow.start()
  await reached(flow, 'FAILED')
  await until(() => fake.isClosed)
  assert.equal(flow.error?.code, 'INVALID_REPLICATION_FACTOR')
})

test("a companion's trouble is shown and stops nothing", LIMIT, async () => {
  const fake = new FakeFlow()
  const wrong = new ConnectError('WRONG', 'too few brokers for heartbeats', { kind: 'configuration', stage: 'start' })
  fake.companions.push(fake.connector('MirrorHeartbeatConnector', () => wrong))
  const flow = new FlowRunner(fake)
  flow.start()
  await until(() => fake.members.length === 1)
  fake.member.state$.next({ kind: 'active' })
  await until(() => flow.status().cause === 'too few brokers for heartbeats')
  assert.equal(flow.status().state, 'RUNNING')
  await until(() => fake.tasks[0]?.batch$.observed === true)
  await flow.stop()
})

test('a connector that cannot start is tried again, unless its configuration is wrong', LIMIT, async () => {
  const fake = new FakeFlow()
  fake.connectorError = new Error('not yet')
  const flow = new FlowRunner(fake)
  flow.start()
  await until(() => fake.members.length === 1)
  fake.member.state$.next({ kind: 'active' })
  await reached(flow, 'RETRYING')
  assert.match(flow.status().cause ?? '', /not yet/)
  fake.connectorError = new ConnectError('BAD', 'bad setting', { kind: 'configuration', stage: 'start' })
  await reached(flow, 'FAILED')
  await until(() => fake.isClosed)
  assert.equal(fake.member.hasLeft, true)
})

test('a place taken away for good before the first one was had fails the flow, later it is asked for again', LIMIT, async () => {
  const fake = new FakeFlow()
  const flow = new FlowRunner(fake)
  flow.start()
  await until(() => fake.members.length === 1)
  fake.member.state$.error(
    new ConnectError('GROUP_AUTHORIZATION_FAILED', 'no right', { kind: 'fatal', stage: 'group-membership' }),
  )
  await reached(flow, 'FAILED')

  const later = await running()
  later.fake.member.state$.error(
    new ConnectError('GROUP_AUTHORIZATION_FAILED', 'no right', { kind: 'fatal', stage: 'group-membership' }),
  )
  await reached(later.flow, 'RETRYING')
  assert.equal(later.flow.status().cause, 'no right')
  await later.flow.stop()
  assert.equal(later.flow.status().state, 'STOPPED')
})

test('stopNow waits for nothing and does not leave the group', LIMIT, async () => {
  const { fake, flow } = await running()
  await until(() => fake.tasks[0]?.batch$.observed === true)
  fake.tasks[0]?.emit(9)
  await until(() => fake.writers[0]?.pending === 1)
  const stopped = flow.stop()
  flow.stopNow()
  await stopped
  assert.equal(fake.member.hasLeft, false)
  assert.deepEqual(fake.saved, [])
})

test('a stop that comes before anything answers is not held up', LIMIT, async () => {
  const fake = new FakeFlow()
  fake.reach = () => new Promise(() => undefined)
  const flow = new FlowRunner(fake)
  flow.start()
  await flow.stop()
  assert.equal(flow.status().state, 'STOPPED')
})
