import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Decision,
  decide,
  decodeDecision,
  encodeDecision,
} from '../../../../../connectors/mirror/failover-consumer/decide.ts'
import {
  decodeView,
  encodeView,
  type MemberView,
  mergeConsumed,
} from '../../../../../connectors/mirror/failover-consumer/member-view.ts'
import { isLater, latest, type Placement, startOn } from '../../../../../connectors/mirror/failover-consumer/placement.ts'

const view = (more: Partial<MemberView> = {}): MemberView => ({
  name: 'm',
  place: null,
  gone: [],
  consuming: null,
  ask: null,
  refused: null,
  consumed: {},
  ...more,
})

const onB = (views: readonly MemberView[], record: Placement | null = null): Decision =>
  decide({ here: 'B', views, record, preferred: 'A' })

const moved = (epoch: number, active: string): Placement => ({
  epoch,
  active,
  from: active === 'A' ? 'B' : 'A',
  cause: 'failover',
})

describe('what the leader on B decides for a group that begins on A', () => {
  test('nothing, while a member can reach A; how many cannot is told', () => {
    const decision = onB([view(), view({ name: 'lonely', gone: ['A'] }), view()])
    assert.deepEqual(decision, {
      kind: 'stay',
      place: startOn('A'),
      standing: { unreachable: 1, members: 3, names: ['lonely'] },
      refused: null,
    })
  })

  test('first all stop, then the offsets are set', () => {
    const gone = [view({ gone: ['A'] }), view({ gone: ['A'], consuming: 'A' })]
    assert.equal(onB(gone).kind, 'stop')
    const stopped = gone.map(member => ({ ...member, consuming: null }))
    const decision = onB(stopped)
    assert.equal(decision.kind, 'set')
    assert.deepEqual('next' in decision && decision.next, { epoch: 1, active: 'B', from: 'A', cause: 'failover' })
  })

  test('a member that cannot be understood holds a move up: it may consume', () => {
    assert.equal(onB([view({ gone: ['A'] }), decodeView(Buffer.from('?'))]).kind, 'stay')
    const unread = decodeView(Buffer.from('?'))
    assert.equal(onB([view({ ask: { to: 'B', epoch: 1 } }), unread]).kind, 'stop')
  })

  test('one that was told to move is enough, in the move that it asked for', () => {
    assert.equal(onB([view(), view({ ask: { to: 'B', epoch: 1 } })]).kind, 'set')
    assert.equal(onB([view(), view({ ask: { to: 'B', epoch: 1 } })], moved(2, 'A')).kind, 'stay')
    assert.equal(onB([view({ ask: { to: 'A', epoch: 1 } })]).kind, 'stay')
  })

  test('a move that was tried in vain goes no further, unless A is gone meanwhile', () => {
    const asking = view({ ask: { to: 'B', epoch: 1 }, refused: { epoch: 1, cause: 'in use' } })
    const decision = onB([asking])
    assert.equal(decision.kind === 'stay' && decision.refused, 'in use')
    assert.equal(onB([{ ...asking, gone: ['A'] }]).kind, 'set')
  })

  test('the later of what is stored and what members know holds', () => {
    assert.deepEqual(onB([view({ gone: ['A'] })], moved(1, 'B')), { kind: 'here', place: moved(1, 'B') })
    const back = onB([view({ place: moved(2, 'A') })], moved(1, 'B'))
    assert.deepEqual([back.kind, back.place], ['stay', moved(2, 'A')])
  })

  test('a decision survives the wire; what cannot be read decides nothing', () => {
    for (const decision of [onB([view()]), onB([view({ gone: ['A'] })]), onB([], moved(1, 'B'))]) {
      assert.deepEqual(decodeDecision(encodeDecision(decision)), decision)
    }
    for (const bytes of ['', '{}', '{"kind":"go","place":{"epoch":1,"active":"A","cause":"start"}}']) {
      assert.equal(decodeDecision(Buffer.from(bytes)), null)
    }
  })
})

describe('views and placements', () => {
  test('a view survives the wire', () => {
    const told = view({ place: moved(3, 'B'), gone: ['A'], consuming: 'B', consumed: { 'orders-0': 7 } })
    assert.deepEqual(decodeView(encodeView(told)), told)
  })

  test('members together stood where the furthest of them did', () => {
    const views = [view({ consumed: { 'orders-0': 7, 'orders-1': 3 } }), view({ consumed: { 'orders-0': 9 } })]
    assert.deepEqual(
      [...mergeConsumed(views)],
      [
        ['orders-0', 9],
        ['orders-1', 3],
      ],
    )
  })

  test('of two moves with one number, made in two halves of a network, all choose the same', () => {
    const [one, other] = [moved(1, 'A'), moved(1, 'B')]
    assert.deepEqual(latest(one, other), latest(other, one))
    assert.ok(!isLater(startOn('A'), startOn('B')), 'a member without a move convinces nobody')
  })
})
