import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { validated } from '../../../../framework/herder/validated.ts'
import type { ConfigFindings } from '../../../../framework/index.ts'
import { problemsOf, Source, withConnect } from './connect-fixtures.ts'

const NEVER = new Promise<ConfigFindings>(() => undefined)

class Picky extends Source {
  override readonly prefixes = ['feed.']
  override async validate(config: Readonly<Record<string, string>>): Promise<ConfigFindings> {
    if (config.feed === 'broken') throw new Error('no licence')
    if (config.feed === 'late') return NEVER
    const problems = config.feed === 'both' ? [{ key: 'feed', value: 'both', message: 'needs depth as well; set it' }] : []
    return { problems, warnings: [{ key: 'depth', value: '1', message: 'has no effect yet' }] }
  }
}

const config = (feed: string) => ({ name: 'a', feed, depth: '1', 'feed.user': 'me' })

describe('what a connector says of its configuration itself', () => {
  test('is told with all else; keys below its prefixes are its own', async () => {
    await withConnect({}, async (connect, logger) => {
      const problems = await problemsOf(() => connect.check({ ...config('both'), 'tasks.max': '0' }, Picky))
      assert.deepEqual(problems, ['tasks.max = 0: must be at least 1', 'feed = both: needs depth as well; set it'])
      assert.deepEqual(
        logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message.replace(/^\[.*\] /, '')),
        ['depth: has no effect yet'],
      )
    })
  })

  test('is a fault of its class where its code fails, or does not return', async () => {
    const found = { kind: 'source', sample: new Picky(), make: () => new Picky() } as const
    const broken = await validated(found, config('broken'))
    const late = await validated(found, config('late'), 10)
    assert.deepEqual(
      [broken, late].flatMap(({ problems }) => problems.map(({ message, fault }) => `${fault}: ${message}`)),
      ['plugin: validate() of Picky failed: no licence', 'plugin: validate() of Picky failed: has not returned within 0.01 s'],
    )
  })
})
