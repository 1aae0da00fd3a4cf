import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ConnectError, ConnectRecord, SourceBatch } from 'isthmus'
import { MemoryOffsetStore, sourceConformance, TaskHarness } from 'isthmus/testing'
import { type FeedServer, startFeedServer } from '../../examples/http-feed/feed-server.ts'
import { FeedTask } from '../../examples/http-feed/feed-task.ts'
import { runProgram } from './running-program.ts'

test('http-feed: each event is in the topic once, across a failure of the feed and a restart, exit code 0', async () => {
  const example = runProgram('examples/main.ts', 'http-feed')
  const [code] = await example.ended
  const output = example.output()
  assert.equal(code, 0, output)
  assert.match(output, /21000 records, 21000 events, 21000 in order/)
  assert.match(output, /the last one, in partition [012]: user-\d \{"id":\d+,"user":"user-\d","time":\d+\}/)
})

describe('its source, without Kafka', () => {
  let feed: FeedServer
  before(async () => {
    feed = await startFeedServer()
  })
  after(() => feed.close())

  const keysOf = ({ parts }: SourceBatch): string[] =>
    parts.flatMap(({ records }) => (records as readonly ConnectRecord[]).map(({ topic, key }) => `${topic} ${key}`))

  test('answers each demand and goes on after what was acknowledged', async () => {
    feed.add(5)
    const offsets = new MemoryOffsetStore()
    const options = { config: { url: feed.url, topic: 'events', 'poll.interval.ms': '1' }, offsets, maxRecords: 2 }
    const first = await TaskHarness.start(new FeedTask(), options)
    const one = await first.demand()
    const two = await first.demand()
    assert.deepEqual(
      [one, two].map(({ parts }) => parts[0]?.sourceOffset),
      [{ after: 2 }, { after: 4 }],
    )
    first.ack(one.parts[0]!)
    await first.stop()

    const second = await TaskHarness.start(new FeedTask(), options)
    const again = await second.demand()
    assert.deepEqual(again.parts, two.parts)
    assert.deepEqual(keysOf(again), ['events user-3', 'events user-4'])
    assert.equal((await second.demand()).parts.length, 1)
    assert.deepEqual((await second.demand()).parts, [])
    await second.kill()
  })

  test('asks a feed that fails again', async () => {
    feed.refuse(1)
    const config = { url: feed.url, topic: 'events' }
    const harness = await TaskHarness.start(new FeedTask(), { config })
    const before = feed.requests
    assert.equal(keysOf(await harness.demand()).length, 5)
    assert.equal(feed.requests - before, 2)
    await harness.kill()
  })

  test('without a URL it does not start', async () => {
    await assert.rejects(TaskHarness.start(new FeedTask(), { config: { topic: 'events' } }), (error: ConnectError) => {
      assert.match(error.message, /^url: is missing/)
      return true
    })
  })
})

describe('its source keeps the contract of sources', () => {
  const feeds = new Map<string, FeedServer>()
  const suite = sourceConformance({
    create: () => new FeedTask(),
    config: async () => {
      const feed = await startFeedServer()
      feeds.set(feed.url, feed)
      return { url: feed.url, topic: 'events', 'poll.interval.ms': '5' }
    },
    produce: (count, { url }) => feeds.get(url!)?.add(count),
    dispose: ({ url }) => feeds.get(url!)?.close(),
    badConfig: { topic: 'events' },
  })
  for (const { name, run } of suite) test(name, run)
})
