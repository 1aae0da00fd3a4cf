import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseLogLevels } from '../../../../framework/config/log-levels.ts'
import { readObserveSettings } from '../../../../framework/config/observe-keys.ts'

test('pairs of components and levels; a level alone is that of root; Java names are taken', () => {
  const { levels, problems } = parseLogLevels(
    ' warn, isthmus.mirror.source = DEBUG,, org.apache.kafka.clients=error, connector.orders=off ',
  )
  assert.deepEqual(
    [...levels],
    [
      ['root', 'warn'],
      ['isthmus.mirror.source', 'debug'],
      ['isthmus.kafka', 'error'],
      ['connector.orders', 'silent'],
    ],
  )
  assert.deepEqual(problems, [])
  assert.equal(parseLogLevels('').levels.size, 0)
})

test('each mistake is told, with what was meant', () => {
  assert.deepEqual(parseLogLevels('isthmus.miror=debug, isthmus.kafka=loud, root=').problems, [
    'isthmus.miror is no component that logs; did you mean isthmus.mirror?',
    'loud is no level: write trace, debug, info, warn, error or silent',
    'nothing is no level: write trace, debug, info, warn, error or silent',
  ])
  assert.match(parseLogLevels('nonsense=debug').problems[0] ?? '', /^nonsense is no component that logs: there are root, isthmus/)
})

test('isthmus.log.levels of a file: its mistakes are reported beside those of other keys', () => {
  const problems: string[] = []
  const report = {
    problem: (key: string, value: string | undefined, message: string) => problems.push(`${key} = ${value}: ${message}`),
  }
  const right = readObserveSettings({ 'isthmus.log.levels': 'isthmus.kafka=debug' }, report)
  assert.deepEqual([...(right?.logLevels ?? [])], [['isthmus.kafka', 'debug']])
  assert.equal(readObserveSettings({ 'isthmus.log.levels': 'isthmus.kafka=loud', 'isthmus.http.listen': 'x' }, report), undefined)
  assert.deepEqual(problems, [
    'isthmus.log.levels = isthmus.kafka=loud: loud is no level: write trace, debug, info, warn, error or silent',
    'isthmus.http.listen = x: must be an address and a port, e.g. 127.0.0.1:8083, or none',
  ])
})
