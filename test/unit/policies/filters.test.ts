import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DefaultConfigPropertyFilter,
  DefaultGroupFilter,
  DefaultTopicFilter,
  PatternList,
  PatternListError,
} from '../../../policies/index.ts'

function topics(properties: Record<string, string>): DefaultTopicFilter {
  const filter = new DefaultTopicFilter()
  filter.configure(properties)
  return filter
}

test('one topic', () => {
  assert.ok(topics({ topics: 'topic1' }).shouldReplicateTopic('topic1'))
  assert.ok(!topics({ topics: 'topic1' }).shouldReplicateTopic('topic2'))
})

test('an empty list includes nothing, not even the empty name', () => {
  const filter = topics({ topics: '' })
  for (const name of ['topic1', 'topic2', '']) assert.ok(!filter.shouldReplicateTopic(name))
})

test('all topics, and lists of them', () => {
  for (const value of ['.*', 'topic1, topic2', ' topic1 ,topic2 ']) {
    assert.ok(topics({ topics: value }).shouldReplicateTopic('topic1'), value)
    assert.ok(topics({ topics: value }).shouldReplicateTopic('topic2'), value)
  }
  assert.ok(!topics({ topics: 'topic1, topic2' }).shouldReplicateTopic('topic3'))
})

test('exclusions win; the default ones leave internal topics and replicas out', () => {
  assert.ok(!topics({ topics: 'topic1, topic3', 'topics.exclude': 'topic3' }).shouldReplicateTopic('topic3'))
  const byDefault = topics({})
  for (const name of ['a.internal', 'a-internal', 'a.replica', '__consumer_offsets'])
    assert.ok(!byDefault.shouldReplicateTopic(name), name)
  assert.ok(byDefault.shouldReplicateTopic('orders'))
  assert.ok(topics({ 'topics.exclude': '' }).shouldReplicateTopic('a.internal'))
})

test('filters that were never configured include nothing', () => {
  assert.ok(!new DefaultTopicFilter().shouldReplicateTopic('a'))
  assert.ok(!new DefaultGroupFilter().shouldReplicateGroup('a'))
})

test('groups', () => {
  const filter = new DefaultGroupFilter()
  filter.configure({ groups: 'group1' })
  assert.ok(filter.shouldReplicateGroup('group1'))
  assert.ok(!filter.shouldReplicateGroup('group2'))
  filter.configure({})
  assert.ok(filter.shouldReplicateGroup('group2'))
  for (const name of ['console-consumer-1', 'connect-x', '__x']) assert.ok(!filter.shouldReplicateGroup(name), name)
})

test('topic settings', () => {
  const filter = new DefaultConfigPropertyFilter()
  assert.ok(!filter.shouldReplicateConfigProperty('min.insync.replicas'))
  assert.ok(filter.shouldReplicateConfigProperty('retention.ms'))
  assert.ok(!filter.shouldReplicateSourceDefault('retention.ms'))
  filter.configure({ 'config.properties.exclude': 'prop2', 'use.defaults.from': 'source' })
  assert.ok(filter.shouldReplicateConfigProperty('prop1'))
  assert.ok(!filter.shouldReplicateConfigProperty('prop2'))
  assert.ok(filter.shouldReplicateConfigProperty('min.insync.replicas'))
  assert.ok(filter.shouldReplicateSourceDefault('prop1'))
})

test('says which includes matched nothing', () => {
  const filter = topics({ topics: 'orders, order-.*, pay.*, (?i)USERS' })
  assert.deepEqual(filter.unmatchedIncludes(['orders', 'payments', 'users']), ['order-.*'])
  assert.deepEqual(filter.unmatchedIncludes([]), ['orders', 'order-.*', 'pay.*', '(?i)USERS'])
})

test('items are joined before they are read, as in Java', () => {
  assert.ok(new PatternList('topics', 'a-(b,c)').matches('a-c'))
  assert.ok(new PatternList('topics', '(?i)foo, bar').matches('BAR'))
  assert.ok(new PatternList('topics', 'a,').matches(''), 'an empty item matches the empty name')
})

test('a wrong pattern is reported with its key, value and remedy', () => {
  assert.throws(
    () => topics({ topics: 'orders, *.x' }),
    (e: unknown) =>
      e instanceof PatternListError &&
      e.key === 'topics' &&
      e.value === 'orders, *.x' &&
      /\* has nothing to repeat/.test(e.message),
  )
})
