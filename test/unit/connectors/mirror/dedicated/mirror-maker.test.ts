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

test('it is known that all clusters answer as soon as they have', { timeout: 10_000 }, async () => {
  const maker = new MirrorMaker([new FakeFlow()], new MemoryLogger())
  maker.start()
  assert.deepEqual(await maker.unreachable(60_000), [])
  await maker.stop()
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
