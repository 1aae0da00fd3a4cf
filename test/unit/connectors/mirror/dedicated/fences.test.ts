import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fencedOffsets, fencedWriter } from '../../../../../connectors/mirror/dedicated/fences.ts'
import type { ConnectError } from '../../../../../framework/api/index.ts'
import { MemoryOffsetStore } from '../../../../../framework/storage/memory-offset-store.ts'
import { encoded, MemoryPartWriter } from '../../../../../framework/testing/index.ts'

test('offsets are stored only while active', async () => {
  let active = true
  const store = fencedOffsets(new MemoryOffsetStore(), () => active)
  const { signal } = new AbortController()
  await store.save([[{ p: 1 }, { offset: 1 }]], signal)
  active = false
  await assert.rejects(store.save([[{ p: 1 }, { offset: 2 }]], signal), { code: 'NOT_ACTIVE' })
  assert.deepEqual(await store.load([{ p: 1 }]), [{ offset: 1 }])
})

test('parts are written only while active; others are refused later, as the contract has it', async () => {
  let active = true
  const inner = new MemoryPartWriter({ mode: 'manual' })
  const writer = fencedWriter(inner, () => active)
  const refused: ConnectError[] = []
  const callbacks = {
    acked: () => undefined,
    refused: (_: unknown, error: ConnectError) => refused.push(error),
    laneState: () => undefined,
  }
  writer.append(encoded('t', 0, 1, 10), callbacks, 1)
  active = false
  writer.append(encoded('t', 0, 1, 10), callbacks, 2)
  assert.deepEqual([inner.pending, refused.length], [1, 0])
  await Promise.resolve()
  assert.deepEqual(
    refused.map(({ code, kind }) => [code, kind]),
    [['NOT_ACTIVE', 'fatal']],
  )
})
