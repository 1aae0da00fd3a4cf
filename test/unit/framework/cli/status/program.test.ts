import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { ExitCode } from '../../../../../framework/api/command.ts'
import type { StatusReport } from '../../../../../framework/api/status-report.ts'
import { FakeIsthmus } from './fake-isthmus.ts'
import { flow, report, troubledReport } from './reports.ts'
import { StatusProcess, status } from './status-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'isthmus-status-'))
let isthmus: FakeIsthmus

before(async () => {
  isthmus = await new FakeIsthmus(report()).listen()
})
after(async () => {
  rmSync(folder, { recursive: true })
  await isthmus.vanish()
})

function answering(changes: Partial<Pick<FakeIsthmus, 'report' | 'listener'>>): string {
  isthmus.report = changes.report ?? report()
  isthmus.listener = changes.listener
  return isthmus.url
}

test('a pipe gets the text without colours, whatever names the process', async () => {
  const url = answering({})
  const address = url.slice('http://'.length)
  const file = join(folder, 'mm2.properties')
  writeFileSync(file, `clusters = primary, backup\nisthmus.http.listen = ${address.replace('127.0.0.1', '0.0.0.0')}\n`)
  const answers = await Promise.all([status([url]), status([address]), status([file]), status([], { ISTHMUS_STATUS_URL: url })])
  for (const { code, stdout, stderr } of answers) {
    assert.deepEqual([code, stderr], [ExitCode.STOPPED, ''])
    assert.equal(stdout, answers[0].stdout)
    assert.equal(stripVTControlCharacters(stdout), stdout)
  }
  assert.match(
    answers[0].stdout,
    /^UP {2}isthmus\/0\.1\.0 {2}http:\/\/127\.0\.0\.1:\d+ {2}up 3 h 12 min {2}at 12:03:04Z\n\nFLOW /,
  )
})

test('--json is the report as it was given, in one line on a pipe', async () => {
  const given = { ...troubledReport(), later: ['a version has more'] }
  const { code, stdout } = await status([answering({ report: given }), '--json'])
  assert.equal(code, ExitCode.STOPPED)
  assert.equal(stdout, `${JSON.stringify(given)}\n`)
})

test('the exit code says how it is with --check alone', async () => {
  const codes: Readonly<Record<StatusReport['health']['state'], number>> = { UP: 0, DEGRADED: 6, DOWN: 4 }
  for (const [state, code] of Object.entries(codes) as [StatusReport['health']['state'], number][]) {
    const { code: checked, stdout } = await status([answering({ report: report({ health: { state, reasons: [] } }) }), '--check'])
    assert.equal(checked, code)
    assert.match(stdout, new RegExp(`^${state} `))
  }
  assert.equal((await status([isthmus.url])).code, ExitCode.STOPPED)
})

test('what does not answer as an isthmus is told in one line, with a remedy', async () => {
  const gone = await new FakeIsthmus(report()).listen()
  await gone.vanish()
  const silent = await listening(createServer(socket => socket.resume()))
  const abrupt = await listening(createServer(socket => socket.destroy()))
  const other = await listening(createServer(socket => socket.end('SSH-2.0-OpenSSH\r\n')))
  const cases: readonly (readonly [string, RegExp])[] = [
    [
      gone.url,
      /: nothing listens there; start the mirror or worker with --listen host:port \(or isthmus\.http\.listen in its file\), or give its address$/,
    ],
    [
      silent.url,
      /: no answer within 5 s; check that it is the port of isthmus, and whether that process hangs \(its log, its CPU\)$/,
    ],
    [
      abrupt.url,
      /: the connection was closed without an answer; check that it is the port of isthmus, and http or https as it has it$/,
    ],
    [other.url, /: what answers there does not speak HTTP \(.*\); give the address of an isthmus that listens$/],
    [
      `${answering({})}/elsewhere`,
      /\/elsewhere: answers 404: this is no isthmus, or one that has no \/status yet; give the address/,
    ],
    [
      isthmus.url.replace('http:', 'https:'),
      /: the TLS connection failed \(.*\); isthmus itself speaks plain HTTP: give http:\/\/127\.0\.0\.1:\d+, or /,
    ],
  ]
  try {
    const answers = await Promise.all(cases.map(([url]) => status([url])))
    for (const [i, { code, stdout, stderr }] of answers.entries()) {
      const [url, message] = cases[i]!
      assert.deepEqual([code, stdout], [ExitCode.CLUSTER, ''], stderr)
      assert.ok(stderr.startsWith(url), stderr)
      assert.match(stderr.trimEnd(), message)
      assert.equal(stderr.split('\n').length, 2, stderr)
    }
  } finally {
    for (const { server } of [silent, abrupt, other]) server.close()
  }
})

test('what is wrong on the command line is told without asking anybody', async () => {
  const file = join(folder, 'silent.properties')
  writeFileSync(file, 'clusters = A, B\n')
  const told = async (...args: readonly string[]): Promise<string> => {
    const { code, stderr } = await status(args)
    assert.equal(code, ExitCode.CONFIGURATION)
    return stderr
  }
  const [option, number, none, watched, secret] = await Promise.all([
    told('--partition', '3'),
    told('--partitions', 'x'),
    told(file),
    told('--watch', file),
    told('ftp://ops:secret@mirror-1'),
  ])
  assert.match(option, /unknown option '--partition'\n\(Did you mean --partitions\?\)/)
  assert.equal(number, '--partitions = x: must be a whole number from 0 to 999999\n')
  assert.ok(none.startsWith(`${file}: isthmus.http.listen: is not set: `), none)
  assert.equal(watched, none)
  assert.match(secret, /^ftp:\/\/mirror-1: ftp is not spoken here; /)
})

test('--watch goes on while the process is away, says since when, and shows it again', async () => {
  const gone = await new FakeIsthmus(report()).listen()
  const watching = new StatusProcess([gone.url, '--watch', '0.1'])
  await watching.waitFor(/^UP .*\n\nFLOW[\s\S]*\n\n(UP|$)/)
  await gone.vanish()
  await watching.waitFor(/NO ANSWER {2}http:\S+ {2}since \d\d:\d\d:\d\dZ, for \d+ s\n {2}nothing listens there; /)
  gone.report = report({ flows: [flow({ lagRecords: 42 })] })
  await gone.listen()
  await watching.waitFor(/\bNO ANSWER\b[\s\S]*\nUP [\s\S]* 42 /)
  const { code, stderr } = await watching.end('SIGINT')
  await gone.vanish()
  assert.deepEqual([code, stderr], [ExitCode.STOPPED, ''])
})

test('--watch --json is a line of JSON each time; that nobody answers is told beside it, once', async () => {
  const gone = await new FakeIsthmus(report()).listen()
  const watching = new StatusProcess([gone.url, '--watch', '0.1', '--json'])
  await watching.waitFor(/^\{.*\}\n\{/)
  await gone.vanish()
  await watching.waitFor(/: nothing listens there; /, 'stderr')
  const seen = watching.stdout.length
  await gone.listen()
  await watching.waitFor(/: answers again\n/, 'stderr')
  await watching.waitFor(/\n/, 'stdout', seen)
  const { code, stdout, stderr } = await watching.end('SIGTERM')
  await gone.vanish()
  assert.equal(code, ExitCode.STOPPED)
  const documents = stdout.trimEnd().split('\n')
  assert.ok(documents.every(line => (JSON.parse(line) as StatusReport).program === 'isthmus/0.1.0'))
  assert.equal(stderr.match(/nothing listens/g)?.length, 1, stderr)
})

test('--watch ends when nobody reads any more, which is no error', async () => {
  const watching = new StatusProcess([answering({}), '--watch', '0.1'])
  await watching.waitFor(/FLOW/)
  watching.process.stdout?.destroy()
  const { code, stderr } = await watching.end()
  assert.deepEqual([code, stderr], [ExitCode.STOPPED, ''])
})

test('stopped while it waits, --check does not say that all is well', async () => {
  const waiting = new Promise<void>(resolve => answering({ listener: () => resolve() }))
  const checking = new StatusProcess([isthmus.url, '--check'])
  await waiting
  const { code, stderr } = await checking.end('SIGTERM')
  assert.equal(code, ExitCode.CLUSTER)
  assert.match(stderr, /: was asked, but did not answer before this was stopped\n$/)
})

test('--help has examples and what the exit codes mean here', async () => {
  const { code, stdout } = await status(['--help'])
  assert.equal(code, 0)
  assert.match(stdout, /isthmus status mm2\.properties/)
  assert.deepEqual(stdout.match(/^ {2}\d(?= {9})/gm)?.map(Number), [0, 1, 2, 3, 4, 6])
  assert.match(stdout, /^ {2}6 {9}with --check: DEGRADED/m)
})

async function listening(server: Server): Promise<{ readonly server: Server; readonly url: string }> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, url: `http://127.0.0.1:${address.port}` }
}
