import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runStage } from '../../runner/stage.ts'
import { whenGone } from './processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'stage-'))
after(() => rmSync(folder, { recursive: true }))

/** A shell that ignores SIGTERM, with a child that does too; it writes the ids of both. */
const STUBBORN = 'trap "" TERM; sleep 300 & echo $$ $! > pids.new; mv pids.new pids; wait'

const pidsIn = (file: string): number[] => readFileSync(join(folder, file), 'utf8').trim().split(' ').map(Number)

test('a stage has the exit code of its command', { timeout: 10_000 }, async () => {
  const stage = { name: 'x', command: 'sh', limitMs: 10_000 }
  assert.equal(await runStage({ ...stage, args: ['-c', 'exit 0'] }, folder), 0)
  assert.equal(await runStage({ ...stage, args: ['-c', 'exit 7'] }, folder), 7)
})

test('a stage that does not end is killed with all that it started, and has failed', { timeout: 20_000 }, async () => {
  const code = await runStage({ name: 'stubborn', command: 'sh', args: ['-c', STUBBORN], limitMs: 500 }, folder)
  assert.equal(code, 1)
  for (const pid of pidsIn('pids')) await whenGone(pid)
})

test('what a stage leaves behind is ended with it', { timeout: 10_000 }, async () => {
  const args = ['-c', 'sleep 300 & echo $! > left']
  assert.equal(await runStage({ name: 'leaves', command: 'sh', args, limitMs: 10_000 }, folder), 0)
  for (const pid of pidsIn('left')) await whenGone(pid)
})

test('an interrupt ends the stage and whoever runs it', { timeout: 20_000 }, async () => {
  const module = fileURLToPath(new URL('../../runner/stage.ts', import.meta.url))
  const program = `
    import { runStage } from ${JSON.stringify(module)}
    const args = ['-c', 'echo $$; exec sleep 300']
    await runStage({ name: 'waits', command: 'sh', args, limitMs: 300_000 }, ${JSON.stringify(folder)})
    console.log('went on')`
  const runner = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  runner.stdout.on('data', (bytes: Buffer) => {
    output += bytes.toString()
  })
  await once(runner.stdout, 'data')
  const closed = once(runner, 'close')
  runner.kill('SIGINT')
  assert.deepEqual(await closed, [null, 'SIGINT'])
  assert.match(output, /^\d+\n$/)
  await whenGone(Number(output))
})
