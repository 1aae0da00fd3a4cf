import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkFailoverSettings, type FailoverSettings } from '../../../../../connectors/mirror/failover-consumer/index.ts'

type Properties = Readonly<Record<string, string>>

const BOTH = {
  clusters: 'A, B',
  'A.bootstrap.servers': 'a:9092',
  'B.bootstrap.servers': 'b:9092',
  'A->B.enabled': 'true',
  'B->A.enabled': 'true',
  'A->B.topics': 'orders, B\\.orders',
  'B->A.topics': 'orders, A\\.orders',
}

const check = (properties: Properties, group = 'billing'): FailoverSettings =>
  checkFailoverSettings(properties, { topics: ['orders'], group, clusters: ['A', 'B'] })

const linesOf = (properties: Properties, group?: string): readonly string[] =>
  check(properties, group).missing.map(({ line }) => line)

/** What a properties file makes of a line. */
const applied = (properties: Properties, lines: readonly string[]): Properties => ({
  ...properties,
  ...Object.fromEntries(
    lines.map(line => [line.slice(0, line.indexOf(' = ')), line.slice(line.indexOf(' = ') + 3).replaceAll('\\\\', '\\')]),
  ),
})

describe('settings that a failover needs', () => {
  test('a file that has all of them lacks nothing', () => {
    assert.deepEqual(check(BOTH), { missing: [], notes: [] })
  })

  const cases: Readonly<
    Record<string, { readonly change: Properties; readonly lines: readonly string[]; readonly group?: string }>
  > = {
    'the flow back is off': { change: { 'B->A.enabled': 'false' }, lines: ['B->A.enabled = true'] },
    'the copy’s name is missing in one flow': {
      change: { 'A->B.topics': 'orders' },
      lines: ['A->B.topics = orders, B\\\\.orders'],
    },
    'neither flow has the topic': {
      change: { 'A->B.topics': 'payments', 'B->A.topics': 'payments' },
      lines: ['A->B.topics = payments, orders, B\\\\.orders', 'B->A.topics = payments, orders, A\\\\.orders'],
    },
    'the topic is left out': {
      change: { 'topics.exclude': 'other, ord.*' },
      lines: ['A->B.topics.exclude = other', 'B->A.topics.exclude = other'],
    },
    'the group is not in the list': {
      change: { 'A->B.groups': 'shipping' },
      lines: ['A->B.groups = shipping, billing'],
    },
    'the group is left out by default': {
      change: {},
      group: 'connect-x',
      lines: ['A->B.groups.exclude = console-consumer-.*, __.*', 'B->A.groups.exclude = console-consumer-.*, __.*'],
    },
    'no checkpoints are written': {
      change: { 'emit.checkpoints.enabled': 'false' },
      lines: ['A->B.emit.checkpoints.enabled = true', 'B->A.emit.checkpoints.enabled = true'],
    },
    'no offset syncs are written': {
      change: { 'B->A.emit.offset-syncs.enabled': 'false' },
      lines: ['B->A.emit.offset-syncs.enabled = true'],
    },
  }

  for (const [name, { change, lines, group }] of Object.entries(cases)) {
    test(`${name}: the lines to write, and with them nothing is missing`, () => {
      const properties = { ...BOTH, ...change }
      assert.deepEqual(linesOf(properties, group), lines)
      assert.deepEqual(linesOf(applied(properties, lines), group), [])
      for (const { key, message } of check(properties, group).missing) {
        assert.ok(
          lines.some(line => line.startsWith(key)),
          key,
        )
        assert.match(message, /\w+ \w+/)
      }
    })
  }

  test('where topics keep their names one flow is enough, and the way back is explained', () => {
    const { 'B->A.enabled': _, 'A->B.topics': __, 'B->A.topics': ___, ...one } = BOTH
    const identity = { ...one, 'A->B.topics': 'orders', 'replication.policy.class': 'IdentityReplicationPolicy' }
    const { missing, notes } = check(identity)
    assert.deepEqual(missing, [])
    assert.match(notes.join(), /isthmus failback, then call moveTo/)
  })

  test('a file that no mirror would run, and filters of one’s own, are refused', () => {
    assert.throws(() => check({ clusters: 'A' }), { code: 'CONFIG_INVALID' })
    assert.throws(
      () => check({ ...BOTH, 'group.filter.class': './mine.js' }),
      /group\.filter\.class = \.\/mine\.js: is not built in; hand/,
    )
    const groupFilter = { shouldReplicateGroup: (group: string) => group === 'mine' }
    const options = { topics: ['orders'], group: 'mine', clusters: ['A', 'B'], groupFilter } as const
    assert.deepEqual(checkFailoverSettings({ ...BOTH, 'group.filter.class': './mine.js' }, options).missing, [])
  })
})
