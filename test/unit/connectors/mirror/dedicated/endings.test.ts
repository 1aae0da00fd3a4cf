import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NamesInFile } from '../../../../../connectors/mirror/config/names-in-file.ts'
import { exitCodeOf, nothingRuns } from '../../../../../connectors/mirror/dedicated/endings.ts'
import { parseMirrorOptions } from '../../../../../connectors/mirror/dedicated/options.ts'
import type { PlannedFlow } from '../../../../../connectors/mirror/dedicated/read-mirror-file.ts'
import { unreachableProblems } from '../../../../../connectors/mirror/dedicated/unreachable-problems.ts'
import { ConfigError, ConnectError } from '../../../../../framework/api/index.ts'
import { ConnectionError, SecurityError } from '../../../../../framework/kafka/client-errors.ts'

const fatal = new ConnectError('X', 'x', { kind: 'fatal', stage: 'poll' })
const configuration = new ConnectError('X', 'x', { kind: 'configuration', stage: 'start' })
const unreachable = (flow: string, error: ConnectError = new ConnectionError('CONNECT_FAILED', 'refused')) =>
  ({ flow, side: 'target', error }) as const

test('a mirror ends when each of its flows has failed or lacks a cluster', () => {
  const failed = new Map([['A->B', fatal]])
  assert.equal(nothingRuns({ failed, flowCount: 2 }, []), false)
  assert.equal(nothingRuns({ failed, flowCount: 2 }, [unreachable('A->B')]), false)
  assert.equal(nothingRuns({ failed, flowCount: 2 }, [unreachable('A->C')]), true)
  assert.equal(nothingRuns({ failed, flowCount: 1 }, []), true)
})

test('exit codes', () => {
  const code = (...errors: ConnectError[]) => exitCodeOf({ unreachable: [], failed: new Map(errors.map((e, i) => [`${i}`, e])) })
  assert.equal(exitCodeOf({ unreachable: [unreachable('A->B')], failed: new Map() }), 3)
  assert.equal(code(new SecurityError('no')), 3)
  assert.equal(code(configuration, fatal), 1)
  assert.equal(code(fatal), 4)
})

test('an unreachable cluster is told by the lines of the file that say where it is and how to talk to it, once', () => {
  const raw = { 'B.bootstrap.servers': 'b:9092', 'security.protocol': 'SSL' }
  const planned = (source: string) => {
    const pair = { source, target: 'B' }
    return { flow: { ...pair, name: `${source}->B` }, names: new NamesInFile(raw, pair) } as unknown as PlannedFlow
  }
  const flows = [planned('A'), planned('C')]
  assert.deepEqual(unreachableProblems([unreachable('A->B'), unreachable('C->B')], { flows, heartbeatFlows: [], raw }, 15_000), [
    {
      key: 'B.bootstrap.servers',
      value: 'b:9092',
      message: 'no broker of cluster B could be used within 15 s (security.protocol = SSL): refused',
    },
  ])
  assert.deepEqual(
    unreachableProblems([unreachable('A->B', new SecurityError('TLS failed'))], { flows, heartbeatFlows: [], raw }, 15_000),
    [{ key: 'security.protocol', value: 'SSL', message: 'cluster B cannot be used so: TLS failed' }],
  )
})

test('options of the command are checked together', () => {
  const parsed = parseMirrorOptions({ clusters: ['B', 'C,D'], startTimeout: '0', summaryInterval: '30' })
  assert.deepEqual(parsed, { clusters: ['B', 'C', 'D'], check: false, startTimeoutMs: 0, summaryIntervalMs: 30_000 })
  assert.throws(
    () => parseMirrorOptions({ startTimeout: 'soon', summaryInterval: '0' }),
    (error: unknown) =>
      error instanceof ConfigError &&
      error.problems.map(p => `${p.key} ${p.value}`).join() === '--start-timeout soon,--summary-interval 0',
  )
})
