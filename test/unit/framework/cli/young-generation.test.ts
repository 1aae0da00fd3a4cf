import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'

const MODULE = new URL('../../../../framework/cli/young-generation.ts', import.meta.url).href

/** Keeps objects alive for a while, so that V8 lets the young generation grow; prints the largest size seen, in MiB. */
const PROGRAM = `
import { getHeapSpaceStatistics } from 'node:v8'
if (process.env.LIMITED === 'yes') (await import('${MODULE}')).limitYoungGeneration()
let largest = 0
const kept = []
for (let round = 0; round < 300; round++) {
  for (let i = 0; i < 5_000; i++) kept[(round * 5_000 + i) % 100_000] = { round, i, text: [i] }
  const { space_size } = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
  largest = Math.max(largest, space_size)
  await new Promise(setImmediate)
}
console.log(largest / 2 ** 20)
`

function largestMb(limited: 'yes' | 'no', options: readonly string[] = []): number {
  const args = [...options, '--input-type=module', '--eval', PROGRAM]
  return Number(
    execFileSync(process.execPath, args, { env: { ...process.env, LIMITED: limited, NODE_OPTIONS: '' }, timeout: 30_000 }),
  )
}

test('the young generation grows to its limit and no further', () => {
  assert.ok(largestMb('no') > 24, 'the program does not make it grow by itself')
  const largest = largestMb('yes')
  assert.ok(largest >= 6 && largest < 24, `${largest} MiB`)
})

test('a size that the user gave stays', () => {
  assert.equal(largestMb('yes', ['--max-semi-space-size=8']), 16)
})
