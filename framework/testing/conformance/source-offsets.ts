import { isDeepStrictEqual } from 'node:util'
import type { SourceOffset, SourcePart, SourcePartition } from '../../api/index.ts'
import { ConnectError } from '../../api/index.ts'
import { broken } from './conformance-test.ts'
import { byPartition, type SourceScene, textsOf } from './source-scene.ts'

const RECORDS = 6

export async function plainOffsets(scene: SourceScene): Promise<void> {
  const run = await scene.start()
  const parts: SourcePart[] = []
  const seen: string[] = []
  while (textsOf(parts).length < RECORDS) {
    for (const part of await scene.read(run, 1)) {
      checkPlain('sourcePartition', part.sourcePartition)
      checkPlain('sourceOffset', part.sourceOffset)
      parts.push(part)
      seen.push(placeOf(part))
    }
  }
  const changed = parts.findIndex((part, i) => placeOf(part) !== seen[i])
  if (changed >= 0)
    broken(`Partition and offset of a part were ${seen[changed]}, and became ${placeOf(parts[changed]!)} after it was emitted`)
  await scene.stop(run)
}

export async function goesOn(scene: SourceScene): Promise<void> {
  const first = await scene.start()
  const before = await scene.read(first, RECORDS)
  for (const part of before) first.harness.ack(part)
  await scene.stop(first)
  const second = await scene.start()
  const known = new Set(textsOf(before))
  const after = await scene.read(second, RECORDS)
  const repeated = textsOf(after).filter(text => known.has(text))
  if (repeated.length > 0)
    broken(`After a restart ${repeated.length} records came again that were committed, the first of them ${repeated[0]}`)
  await scene.stop(second)
}

export async function survivesKill(scene: SourceScene): Promise<void> {
  const first = await scene.start()
  const parts = await scene.read(first, RECORDS)
  const count = Math.floor(parts.length / 2)
  for (const part of parts.slice(0, count)) first.harness.ack(part)
  await first.harness.commit()
  await scene.kill(first)
  await expectAgain(scene, parts.slice(count), parts.slice(0, count))
}

/** All but the first part are acknowledged: none of them counts. */
export async function waitsForAcks(scene: SourceScene): Promise<void> {
  const first = await scene.start()
  const parts = await scene.read(first, RECORDS)
  const firstOf = new Set([...Map.groupBy(parts, part => JSON.stringify(part.sourcePartition)).values()].map(([part]) => part))
  for (const part of parts) if (!firstOf.has(part)) first.harness.ack(part)
  await first.harness.commit()
  await scene.stop(first)
  await expectAgain(scene, parts, [])
}

export async function takesCallbacks(scene: SourceScene): Promise<void> {
  const run = await scene.start()
  const { harness, task } = run
  const parts = await scene.read(run, RECORDS)
  const { sourcePartition } = parts[0]!
  harness.throttle({ ...sourcePartition }, 'paused')
  harness.throttle({ ...sourcePartition }, 'resumed')
  const last = parts.at(-1)!
  for (const part of parts) if (part !== last) harness.ack(part)
  harness.refuse(last, new ConnectError('REFUSED', 'refused by this test', { kind: 'partition', stage: 'produce' }))
  if (task.thrown.length > 0) broken(task.thrown.join('; '))
  await scene.kill(run)
}

/** Starts again and reads what must come: `missing` in order, and nothing of `committed`. */
async function expectAgain(scene: SourceScene, missing: readonly SourcePart[], committed: readonly SourcePart[]): Promise<void> {
  const wanted = byPartition(missing)
  const isEnough = (parts: readonly SourcePart[]): boolean => {
    const found = byPartition(parts)
    return [...wanted].every(([partition, texts]) => (found.get(partition)?.length ?? 0) >= texts.length)
  }
  const run = await scene.start()
  const again = await scene.readUntil(run, isEnough)
  const found = byPartition(again)
  for (const [partition, texts] of wanted) {
    const came = found.get(partition) ?? []
    const lost = texts.filter(text => !came.includes(text))
    const place = `of the source partition ${partition}`
    if (lost.length > 0)
      broken(`${lost.length} records ${place} were not committed and did not come again, the first of them ${lost[0]}`)
    if (!texts.every((text, i) => came[i] === text)) explainOrder(place, textsOf(committed), came)
  }
  await scene.stop(run)
}

function explainOrder(place: string, committed: readonly string[], came: readonly string[]): never {
  const repeated = came.filter(text => committed.includes(text))
  if (repeated.length > 0)
    broken(`${repeated.length} records ${place} came again though they were committed, the first of them ${repeated[0]}`)
  return broken(`Records ${place} came again in another order`)
}

const placeOf = ({ sourcePartition, sourceOffset }: SourcePart): string => JSON.stringify([sourcePartition, sourceOffset])

function checkPlain(what: string, fields: SourcePartition | SourceOffset): void {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) broken(`${what} is no object`)
  for (const [name, value] of Object.entries<unknown>(fields)) {
    const isPrimitive = value === null || ['string', 'number', 'boolean'].includes(typeof value)
    const isKept = isPrimitive && (typeof value !== 'number' || Number.isFinite(value)) && isSafe(value)
    if (!isKept)
      broken(
        `The field ${name} of ${what} is ${typeof value === 'object' ? 'an object' : `the ${typeof value} ${String(value)}`}`,
      )
  }
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(fields)), { ...fields }))
    broken(`${what} is not the same after it was stored as JSON`)
}

/** Whole numbers beyond 2^53 lose their last digits. */
const isSafe = (value: unknown): boolean => !Number.isInteger(value) || Number.isSafeInteger(value)
