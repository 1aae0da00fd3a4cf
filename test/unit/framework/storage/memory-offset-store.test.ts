import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryOffsetStore } from '../../../../framework/storage/memory-offset-store.ts'

test('finds offsets by the content of the partition, whatever the order of its fields', async () => {
  const store = new MemoryOffsetStore()
  await store.save([[{ cluster: 'a', partition: 1, topic: 't' }, { offset: 5 }]])
  const asked = [
    { topic: 't', partition: 1, cluster: 'a' },
    { topic: 't', partition: '1', cluster: 'a' },
  ]
  assert.deepEqual(await store.load(asked), [{ offset: 5 }, null])
})
