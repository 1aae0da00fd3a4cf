import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FlowRunner } from '../../../../../connectors/mirror/dedicated/flow-runner.ts'
import { mirrorHealth, mirrorReport, type ObservedGroup } from '../../../../../connectors/mirror/observe/index.ts'
import { ConnectError } from '../../../../../framework/api/index.ts'
import { ConnectionError } from '../../../../../framework/kafka/client-errors.ts'
import { FakeFlow, PARTITION, reached, until } from '../dedicated/fake-flow.ts'

const LIMIT = { timeout: 10_000 }

async function running(fake = new FakeFlow()) {
  const flow = new FlowRunner(fake)
  flow.start()
  await until(() => fake.members.length === 1)
  fake.member.state$.next({ kind: 'active' })
  await reached(flow, 'RUNNING')
  await until(() => fake.tasks[0]?.batch$.observed === true)
  return { fake, flow, report: () => mirrorReport({ program: 'isthmus/test', startedMs: 1, flows: [flow.observed()] }) }
}

const kinds = (fake: FakeFlow) =>
  fake.observations.events.list().map(({ severity, kind, code }) => `${severity} ${kind} ${code ?? ''}`.trim())

test('a mirror that works has flows, partitions, connectors and tasks, and nothing that needs attention', LIMIT, async () => {
  const { flow, report } = await running()
  const { program, startedMs, health, clusters, flows, connectors } = report()
  assert.deepEqual([program, startedMs, health], ['isthmus/test', 1, { state: 'UP', reasons: [] }])
  assert.deepEqual(clusters, [
    { alias: 'A', severity: 'ok' },
    { alias: 'B', severity: 'ok' },
  ])
  const [{ name, state, severity, cause, lastError, partitions, groups } = assert.fail()] = flows
  assert.deepEqual([name, state, severity, cause, lastError, groups], ['A->B', 'RUNNING', 'ok', undefined, undefined, undefined])
  assert.deepEqual(
    partitions.shown.map(partition => [partition.name, partition.state]),
    [['t-0', 'STARTING']],
  )
  const [{ flow: of, tasks, partitions: own } = assert.fail()] = connectors
  assert.deepEqual(
    [of, tasks.map(({ id, state }) => [id, state]), own],
    ['A->B', [['MirrorSourceConnector-0', 'RUNNING']], undefined],
  )
  await flow.stop()
})

test('what fails beside copying degrades the flow with its reason until it works again, and is remembered', LIMIT, async () => {
  const { fake, flow, report } = await running()
  const syncing = fake.observations.runs.reporter('syncing groups')
  syncing.failed(new ConnectError('GROUP_AUTHORIZATION_FAILED', 'no right', { kind: 'fatal', stage: 'poll' }))
  const ill = report()
  assert.equal(ill.flows[0]?.severity, 'warning')
  assert.equal(ill.flows[0]?.cause, 'syncing groups fails: no right')
  assert.deepEqual(ill.health, { state: 'DEGRADED', reasons: ['Flow A->B: syncing groups fails: no right'] })
  assert.equal(ill.events[0]?.kind, 'group-sync')
  assert.equal(ill.events[0]?.flow, 'A->B')
  syncing.succeeded()
  const well = report()
  assert.deepEqual([well.flows[0]?.severity, well.flows[0]?.cause, well.health.state], ['ok', undefined, 'UP'])
  assert.equal(well.flows[0]?.lastError?.code, 'GROUP_AUTHORIZATION_FAILED')
  assert.equal(well.events[0]?.severity, 'ok')
  await flow.stop()
})

test('a partition that waits, and goes on, is seen in its flow and as events', LIMIT, async () => {
  const { fake, flow, report } = await running()
  const [entry] = flow.observed().entries()
  entry!.retrying('no leader', 'target', 'NO_LEADER')
  flow.sample()
  const ill = report()
  assert.equal(ill.flows[0]?.severity, 'warning')
  assert.match(ill.flows[0]?.cause ?? '', /1 of 1 partitions .* make no progress, first: no leader/)
  assert.deepEqual(
    ill.clusters.map(({ alias, severity, cause }) => [alias, severity, cause]),
    [
      ['B', 'warning', 'no leader'],
      ['A', 'ok', undefined],
    ],
  )
  entry!.flowing('target')
  flow.sample()
  assert.deepEqual([report().flows[0]?.severity, report().clusters.every(({ severity }) => severity === 'ok')], ['ok', true])
  assert.deepEqual(kinds(fake).slice(0, 4), [
    'ok cluster-reachable',
    'ok flowing',
    'warning cluster-unreachable',
    'warning retrying NO_LEADER',
  ])
  await flow.stop()
})

test('a source that loses records is an error among the events, and the flow says so while it is news', LIMIT, async () => {
  const { fake, flow, report } = await running()
  const [entry] = flow.observed().entries()
  entry!.gap(12, 'twelve records are gone')
  const [shown = assert.fail()] = report().flows
  assert.deepEqual([shown.severity, shown.partitions.gaps, shown.partitions.gapRecords], ['warning', 1, 12])
  assert.match(shown.cause ?? '', /twelve records are gone/)
  assert.equal(kinds(fake)[0], 'error gap')
  assert.equal(shown.lastError?.code, 'gap')
  await flow.stop()
})

test('a target that does not answer heartbeats is in trouble before the place in its group is lost', LIMIT, async () => {
  const { fake, flow, report } = await running()
  const target = () => report().clusters.find(({ alias }) => alias === 'B')
  fake.member.trouble = new ConnectionError('CONNECT_FAILED', 'no broker of B')
  flow.sample()
  assert.deepEqual([target()?.severity, target()?.cause], ['warning', 'no broker of B'])
  const [shown] = report().flows
  assert.deepEqual(
    [shown?.state, shown?.severity, shown?.cause],
    ['RUNNING', 'warning', 'cluster B cannot be used: no broker of B'],
  )
  assert.deepEqual(report().health, { state: 'DEGRADED', reasons: ['Flow A->B: cluster B cannot be used: no broker of B'] })
  assert.equal(shown?.lastError?.code, 'CONNECT_FAILED')
  assert.ok(fake.logger.lines.some(({ level, message }) => level === 'warn' && message.includes('Cluster B cannot be used')))
  fake.member.trouble = undefined
  flow.sample()
  assert.deepEqual([target()?.severity, report().flows[0]?.severity], ['ok', 'ok'])
  assert.equal(kinds(fake)[0], 'ok cluster-reachable')
  await flow.stop()
})

test('a flow that copies no partitions asks whether its source is there', LIMIT, async () => {
  const idle = new FakeFlow()
  idle.partitions = []
  const { fake, flow, report } = await running(idle)
  const source = () => report().clusters.find(({ alias }) => alias === 'A')
  const sampled = (isSo: () => boolean) =>
    until(() => {
      flow.sample()
      return isSo()
    })
  fake.down.add('source')
  await sampled(() => source()?.severity === 'warning')
  assert.deepEqual([source()?.severity, report().flows[0]?.severity], ['warning', 'warning'])
  assert.match(report().flows[0]?.cause ?? '', /cluster A cannot be used: no broker of the source/)
  fake.down.clear()
  await sampled(() => source()?.severity === 'ok')
  assert.equal(report().flows[0]?.severity, 'ok')
  await flow.stop()
})

test('clusters that do not answer at the start, and then do, are events', LIMIT, async () => {
  const fake = new FakeFlow()
  fake.down.add('source')
  const flow = new FlowRunner(fake)
  const report = () => mirrorReport({ program: 'isthmus/test', startedMs: 1, flows: [flow.observed()] })
  flow.start()
  await reached(flow, 'RETRYING')
  const [first = assert.fail()] = report().clusters
  assert.deepEqual([first.alias, first.severity, first.cause], ['A', 'warning', 'no broker of the source'])
  await until(() => fake.members.length === 1)
  fake.member.state$.next({ kind: 'active' })
  fake.down.delete('source')
  await reached(flow, 'RUNNING')
  flow.sample()
  assert.ok(report().clusters.every(({ severity }) => severity === 'ok'))
  assert.ok(kinds(fake).includes('warning cluster-unreachable CONNECT_FAILED'))
  assert.ok(kinds(fake).includes('ok cluster-reachable'))
  await flow.stop()
})

test('a flow that has failed needs somebody, comes first, and is DOWN', LIMIT, async () => {
  const { flow: well } = await running()
  const fake = new FakeFlow('A->C')
  fake.offsetsError = new ConnectError('WRONG', 'too few brokers', { kind: 'configuration', stage: 'start' })
  const failed = new FlowRunner(fake)
  failed.start()
  await reached(failed, 'FAILED')
  const flows = [well.observed(), failed.observed()]
  const report = mirrorReport({ program: 'isthmus/test', startedMs: 1, flows })
  assert.deepEqual(
    report.flows.map(({ name, severity, cause }) => [name, severity, cause]),
    [
      ['A->C', 'error', 'too few brokers'],
      ['A->B', 'ok', undefined],
    ],
  )
  assert.equal(report.health.state, 'DEGRADED')
  assert.equal(mirrorHealth([failed.observed()]).state, 'DOWN')
  assert.equal(report.events[0]?.code, 'WRONG')
  await Promise.all([well.stop(), failed.stop()])
})

test('a takeover is a story of events: stands by, copies, loses its place', LIMIT, async () => {
  const fake = new FakeFlow()
  const flow = new FlowRunner(fake)
  flow.start()
  await until(() => fake.members.length === 1)
  fake.member.state$.next({ kind: 'standby', activeInfo: 'another' } as never)
  await reached(flow, 'STANDBY')
  fake.member.state$.next({ kind: 'active' })
  await reached(flow, 'RUNNING')
  fake.member.state$.next({ kind: 'joining' })
  await reached(flow, 'RETRYING')
  const states = fake.observations.events.list().filter(({ kind }) => kind === 'flow-state')
  const codes = states.map(({ code }) => code).reverse()
  assert.deepEqual(
    ['STANDBY', 'RUNNING', 'RETRYING'].map(state => codes.includes(state)),
    [true, true, true],
    codes.join(),
  )
  await flow.stop()
})

test('groups: counted all, those that could not be set first, positions with both offsets', LIMIT, async () => {
  const { fake, flow, report } = await running()
  const group = (i: number): ObservedGroup => ({
    name: `group-${String(i).padStart(3, '0')}`,
    cause: i === 140 ? 'no right to set it' : undefined,
    counts: () => ({ exact: 29, low: i === 130 ? 1 : 0, none: i === 120 ? 1 : 0 }),
    offsets: () =>
      Array.from({ length: 30 }, (_, partition) => ({
        topic: 'A.t',
        partition,
        exactness: i === 140 && partition === 25 ? null : 'exact',
        sourceOffset: 100 + partition,
        targetOffset: i === 140 && partition === 25 ? -1 : 50 + partition,
        latency: undefined,
      })),
  })
  const sync = { refused: 1, lastMs: 5 }
  fake.observations.show({ groups: () => Array.from({ length: 150 }, (_, i) => group(i)), sync: () => sync })
  const groups = report().flows[0]?.groups ?? assert.fail()
  assert.deepEqual([groups.count, groups.exact, groups.low, groups.none, groups.omitted], [150, 150 * 29, 1, 1, 50])
  assert.deepEqual(groups.sync, sync)
  assert.deepEqual(
    groups.shown.slice(0, 4).map(({ name, severity, cause }) => [name, severity, cause]),
    [
      ['group-140', 'warning', 'no right to set it'],
      ['group-120', 'ok', undefined],
      ['group-130', 'ok', undefined],
      ['group-000', 'ok', undefined],
    ],
  )
  const { positions } = groups.shown[0]!
  assert.equal(positions.length, 20)
  assert.deepEqual(positions.slice(0, 2), [
    { name: 'A.t-25', sourceOffset: 125 },
    { name: 'A.t-0', sourceOffset: 100, targetOffset: 50, exactness: 'exact' },
  ])
  await flow.stop()
})

test('a task that fails and runs again leaves two events', LIMIT, async () => {
  const { fake, flow } = await running()
  fake.tasks[0]!.batch$.error(new Error(`cannot read ${PARTITION.topic}`))
  await until(() => fake.tasks[1]?.batch$.observed === true)
  await until(() => kinds(fake).some(text => text.startsWith('ok task-running')))
  assert.ok(kinds(fake).some(text => text.startsWith('warning task-failed')))
  await flow.stop()
})
