import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EncodedRecords, SourcePart } from '../../../../framework/api/index.ts'
import { deferred } from '../../../../framework/flow/index.ts'
import { SourceIntake } from '../../../../framework/runtime/source-intake.ts'
import { ofPartition, partOf, source, until } from './fixtures.ts'

const a = source('a')

/** Parts whose offset is odd have to be waited for. */
function intakeOf() {
  const told: string[] = []
  const waiting = new Map<number, ReturnType<typeof deferred<readonly EncodedRecords[]>>>()
  const unwanted = new Set<number>()
  const at = ({ sourceOffset }: SourcePart) => Number(sourceOffset.offset)
  const intake = new SourceIntake({
    laneOf: part => (unwanted.has(at(part)) ? undefined : 'lane'),
    encode: part => {
      if (at(part) === 100) throw ofPartition('cannot be encoded')
      if (at(part) % 2 === 0) return [part.records as EncodedRecords]
      const wait = deferred<readonly EncodedRecords[]>()
      waiting.set(at(part), wait)
      return wait.promise
    },
    submit: (_, part) => {
      told.push(`submitted ${at(part)}`)
      return 10
    },
    answered: bytes => told.push(`answered ${bytes}`),
    failed: (error, part) => told.push(`failed ${part && at(part)}: ${(error as Error).message}`),
  })
  const batch = (...offsets: number[]) => ({ parts: offsets.map(offset => partOf(a, offset)) })
  return { intake, told, waiting, unwanted, batch }
}

test('parts that need not be waited for are taken at once', () => {
  const { intake, told, batch } = intakeOf()
  intake.push(batch(0, 2))
  intake.push(batch())
  assert.deepEqual(told, ['submitted 0', 'submitted 2', 'answered 20', 'answered 0'])
  assert.equal(intake.size, 0)
})

test('behind a part that is waited for all others wait, and come in their order', async () => {
  const { intake, told, waiting, batch } = intakeOf()
  intake.push(batch(0, 1, 2))
  intake.push(batch(4))
  assert.deepEqual(told, ['submitted 0'])
  assert.equal(intake.size, 2)
  waiting.get(1)!.resolve([])
  await until(() => intake.size === 0)
  assert.deepEqual(told, ['submitted 0', 'submitted 1', 'submitted 2', 'answered 30', 'submitted 4', 'answered 10'])
})

test('what fails is told with its part, and the next goes on', async () => {
  const { intake, told, waiting, batch } = intakeOf()
  intake.push(batch(100, 1, 2))
  waiting.get(1)!.reject(ofPartition('no'))
  await until(() => intake.size === 0)
  assert.deepEqual(told, ['failed 100: cannot be encoded', 'failed 1: no', 'submitted 2', 'answered 10'])
})

test('a part that nobody wants any more when it is ready is passed over', async () => {
  const { intake, told, waiting, unwanted, batch } = intakeOf()
  unwanted.add(0)
  intake.push(batch(0, 1, 2))
  unwanted.add(1)
  waiting.get(1)!.resolve([])
  await until(() => intake.size === 0)
  assert.deepEqual(told, ['submitted 2', 'answered 10'])
})

test('closed, it hands on nothing more, answers what it has, and takes nothing', async () => {
  const { intake, told, waiting, batch } = intakeOf()
  intake.push(batch(0, 1, 2))
  intake.push(batch(4))
  intake.close()
  intake.push(batch(6))
  assert.equal(intake.size, 2)
  waiting.get(1)!.resolve([])
  await until(() => intake.size === 0)
  assert.deepEqual(told, ['submitted 0', 'answered 10', 'answered 0'])
})

test('a batch that is none is told as such', () => {
  const { intake, told } = intakeOf()
  intake.push({} as { parts: SourcePart[] })
  assert.match(told.join(), /^failed undefined: .*,answered 0$/)
})
