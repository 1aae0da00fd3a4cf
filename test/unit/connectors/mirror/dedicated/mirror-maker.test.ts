import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MirrorMaker } from '../../../../../connectors/mirror/dedicated/mirror-maker.ts'
import { ConnectError } from '../../../../../framework/api/index.ts'
import { MemoryLogger } from '../../../../../framework/testing/index.ts'
import { FakeFlow, until } from './fake-flow.ts'

const states = (maker: MirrorMaker) => maker.status().map(({ name, state }) => `${name} ${state}`)

test("one flow's trouble does not stop another", { timeout: 10_000 }, async () => {
  const [good, broken, lost] = [new FakeFlow('A->B'), new FakeFlow('A->C'), new FakeFlow('A->D')]
  broken.offsetsError = new ConnectError('BROKEN', 'broken', { kind: 'fatal', stage: 'start' })
  lost.down.add('target')
  const maker = new MirrorMaker([good, broken, lost], new MemoryLogger())
  maker.start()
  await until(() => good.members.length === 1)
  good.member.state$.next({ kind: 'active' })
  await until(() => states(maker).join() === 'A->B RUNNING,A->C FAILED,A->D RETRYING')
  assert.deepEqual([...maker.failed.keys()], ['A->C'])
  const unreachable = await maker.unreachable(10)
  assert.deepEqual(
    unreachable.map(({ flow, side }) => `${flow} ${side}`),
    ['A->D target'],
  )
  await maker.stop()
  assert.deepEqual(states(maker), ['A->B STOPPED', 'A->C FAILED', 'A->D STOPPED'])
})

test('flows that only beat decide nothing where others copy, and everything where none does', { timeout: 10_000 }, async () => {
  const beating = (): FakeFlow => Object.assign(new FakeFlow('B->A'), { role: 'heartbeats' })
  const outcome = async (...flows: FakeFlow[]) => {
    for (const flow of flows) flow.down.add('target')
    const maker = new MirrorMaker(flows, new MemoryLogger())
    maker.start()
    const unreachable = await maker.unreachable(10)
    await maker.stop()
    return [maker.flowCount, ...unreachable.map(({ flow }) => flow)]
  }
  assert.deepEqual(await outcome(new FakeFlow('A->B'), beating()), [1, 'A->B'])
  assert.deepEqual(await outcome(beating()), [1, 'B->A'])
})

test('it is known that all clusters answer as soon as they have', { timeout: 10_000 }, async () => {
  const maker = new MirrorMaker([new FakeFlow()], new MemoryLogger())
  maker.start()
  assert.deepEqual(await maker.unreachable(60_000), [])
  await maker.stop()
})

test('a stop at once leaves no timer behind', { timeout: 10_000 }, async () => {
  const timers = (): number => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
  const before = timers()
  const [copying, lost] = [new FakeFlow('A->B'), new FakeFlow('A->C')]
  lost.down.add('target')
  const maker = new MirrorMaker([copying, lost], new MemoryLogger())
  maker.start()
  await until(() => copying.members.length === 1)
  copying.member.state$.next({ kind: 'active' })
  await until(() => states(maker).join() === 'A->B RUNNING,A->C RETRYING')
  maker.stopNow()
  await until(() => states(maker).join() === 'A->B STOPPED,A->C STOPPED')
  assert.equal(timers(), before)
})

test('a cluster that says nothing at all counts as unreachable', { timeout: 10_000 }, async () => {
  const silent = new FakeFlow()
  silent.reach = () => new Promise(() => undefined)
  const maker = new MirrorMaker([silent], new MemoryLogger())
  maker.start()
  const unreachable = await maker.unreachable(10)
  assert.deepEqual(
    unreachable.map(({ side, error }) => `${side}: ${error.message}`),
    ['source', 'target'].map(side => `${side}: its bootstrap servers have not answered yet`),
  )
  await maker.stop()
})
