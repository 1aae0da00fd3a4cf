import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readReport } from '../../../../../framework/cli/status/read-report.ts'
import { flow, report } from './reports.ts'

function read(body: unknown, statusCode = 200, headers: Readonly<Record<string, string>> = {}) {
  return readReport(typeof body === 'string' ? body : JSON.stringify(body), { statusCode, headers })
}

function trouble(...args: Parameters<typeof read>): string {
  const answer = read(...args)
  assert.equal(answer.kind, 'trouble')
  return answer.kind === 'trouble' ? answer.message : ''
}

test('a report is taken whatever the status of the answer, as it was given', () => {
  const json = JSON.stringify({ ...report(), later: 'a version has more' })
  const answer = read(json, 503)
  assert.equal(answer.kind, 'report')
  assert.equal(answer.kind === 'report' && answer.json, json)
})

test('nothing in a report moves the cursor or begins a line', () => {
  const answer = read(report({ flows: [flow({ cause: 'a\u001b[2Jb\nc\u202ed\u0007' })] }))
  assert.equal(answer.kind === 'report' && answer.report.flows[0]?.cause, 'a [2Jb c d ')
})

test('what is no isthmus is told apart, each with a remedy', () => {
  const elsewhere = 'give the address that isthmus listens at'
  assert.equal(
    trouble('There are: /metrics, /health\n', 404),
    `answers 404: this is no isthmus, or one that has no /status yet; ${elsewhere}`,
  )
  assert.equal(trouble('<!DOCTYPE html>'), `answers 200 with an HTML page, not with a report of isthmus; ${elsewhere}`)
  assert.equal(
    trouble('ok', 200, { 'content-type': 'text/plain' }),
    `answers 200 with text/plain, not with a report of isthmus; ${elsewhere}`,
  )
  assert.equal(trouble(''), `answers 200 with nothing, not with a report of isthmus; ${elsewhere}`)
  for (const other of [{ status: 'UP' }, [], null, 7, { program: 'kafka/4.2.0' }])
    assert.equal(trouble(other), `answers with JSON that is no report of isthmus; ${elsewhere}`)
  assert.equal(trouble('', 502), 'answers 502: isthmus, or what stands before it, fails; its log says more')
  assert.equal(
    trouble('', 302, { location: 'https://login.example' }),
    'answers 302 and points to https://login.example; give that address',
  )
  assert.equal(trouble('', 401), 'answers 401: it wants a password; give http://user:password@host:port')
  const unnamed = 'mirror-1 is no name of this machine; ask for localhost'
  assert.equal(trouble(`${unnamed}\n`, 403), `answers 403: ${unnamed}; ask by an address that it allows`)
})

test('a report of a version with another shape is not half understood', () => {
  const message = 'answers as isthmus/9.0.0, which this program does not understand; use that version of it'
  const { flows: _, ...lacking } = report({ program: 'isthmus/9.0.0' })
  assert.equal(trouble(lacking), message)
  assert.equal(trouble({ ...report({ program: 'isthmus/9.0.0' }), flows: [{ name: 'A->B' }] }), message)
})
