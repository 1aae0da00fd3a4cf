import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { StreamTerminal } from '../../../../framework/cli/terminal.ts'

function stream(properties: Partial<NodeJS.WriteStream> = {}): {
  readonly stream: NodeJS.WriteStream
  readonly text: () => string
} {
  const chunks: Buffer[] = []
  const through = new PassThrough()
  through.on('data', chunk => chunks.push(chunk))
  return {
    stream: Object.assign(through, properties) as unknown as NodeJS.WriteStream,
    text: () => Buffer.concat(chunks).toString(),
  }
}

const screen = { isTTY: true, columns: 80, rows: 24 } as const

test('a problem is a line with file, key, value and message', () => {
  const err = stream()
  new StreamTerminal(stream().stream, err.stream).problems('mm2.properties', [
    { key: 'tasks.max', value: 'x', message: 'must be a number' },
    { key: 'clusters', message: 'is missing' },
    { key: '--clusters', value: 'C', message: 'the file names no such cluster' },
    { key: 'mm2.properties', message: 'there is no such file' },
  ])
  assert.deepEqual(err.text().split('\n'), [
    'mm2.properties: tasks.max = x: must be a number',
    'mm2.properties: clusters: is missing',
    '--clusters = C: the file names no such cluster',
    'mm2.properties: there is no such file',
    '',
  ])
})

test('an unexpected error shows its stack and its causes only to those who asked', () => {
  const quiet = stream()
  const loud = stream()
  const error = new TypeError('broken', { cause: new Error('deeper') })
  new StreamTerminal(stream().stream, quiet.stream).unexpected(error, false)
  new StreamTerminal(stream().stream, loud.stream).unexpected(error, true)
  assert.equal(quiet.text(), 'isthmus: unexpected error: TypeError: broken\n')
  assert.match(loud.text(), /TypeError: broken\n {4}at [\s\S]*caused by: Error: deeper\n {4}at /)
})

test('lines are followed in place, and logs scroll above them', async () => {
  const out = stream(screen)
  const terminal = new StreamTerminal(out.stream, stream(screen).stream)
  let state = 'STARTING'
  const following = await terminal.follow(() => [`A->B ${state}`])
  terminal.logDestination?.write('a log line\n')
  state = 'RUNNING'
  following.close()
  const text = out.text()
  assert.ok(text.indexOf('A->B STARTING') < text.indexOf('a log line'), text)
  assert.ok(text.indexOf('a log line') < text.indexOf('A->B RUNNING'), text)
})

test('what a connector prints stands above the lines that are followed, whole', async () => {
  const out = stream(screen)
  const terminal = new StreamTerminal(out.stream, stream(screen).stream)
  const following = await terminal.follow(() => ['lines RUNNING'])
  out.stream.write('first\nsec')
  await new Promise<void>(resolve => out.stream.write('ond\n', () => resolve()))
  const shown = stripVTControlCharacters(out.text())
  assert.match(shown, /first\s+second\s*$/)
  assert.equal(shown.match(/first|second/g)?.length, 2)
  out.stream.write('last')
  following.close()
  out.stream.write('afterwards\n')
  assert.match(stripVTControlCharacters(out.text()), /lines RUNNING\s+last\nafterwards\n$/)
})

test('only a terminal with a size is interactive', () => {
  const isInteractive = (properties: Partial<NodeJS.WriteStream>) =>
    new StreamTerminal(stream(properties).stream, stream().stream).isInteractive
  assert.deepEqual([isInteractive(screen), isInteractive({}), isInteractive({ ...screen, rows: 0 })], [true, false, false])
})

test('that nobody reads any more is no error but told; another error of the output is one', () => {
  const out = stream()
  const terminal = new StreamTerminal(out.stream, stream().stream)
  out.stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  assert.equal(terminal.outputClosed.aborted, true)
  const full = stream()
  const broken = Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' })
  assert.equal(new StreamTerminal(full.stream, stream().stream).outputClosed.aborted, false)
  assert.throws(() => full.stream.emit('error', broken), broken)
})

test('logs go straight to standard error where that is no terminal', () => {
  assert.equal(new StreamTerminal(stream(screen).stream, stream().stream).logDestination, undefined)
})
