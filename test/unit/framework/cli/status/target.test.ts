import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ConfigError, type ConfigProblem } from '../../../../../framework/api/index.ts'
import { statusTarget } from '../../../../../framework/cli/status/target.ts'

const folder = mkdtempSync(join(tmpdir(), 'isthmus-status-'))
after(() => rmSync(folder, { recursive: true }))

function file(name: string, ...lines: readonly string[]): string {
  const path = join(folder, name)
  writeFileSync(path, lines.join('\n'))
  return path
}

function asked(argument: string | undefined, env: Readonly<Record<string, string>> = {}): string {
  return statusTarget(argument, env).url.href
}

function problem(argument: string | undefined, env: Readonly<Record<string, string>> = {}): ConfigProblem {
  try {
    statusTarget(argument, env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems[0]!
    throw error
  }
  throw new Error(`${argument} was accepted`)
}

test('an address is a URL, or host and port', () => {
  assert.equal(asked('http://127.0.0.1:8083'), 'http://127.0.0.1:8083/status')
  assert.equal(asked('127.0.0.1:8083'), 'http://127.0.0.1:8083/status')
  assert.equal(asked('mirror-1.example:80'), 'http://mirror-1.example/status')
  assert.equal(asked('[::1]:8083'), 'http://[::1]:8083/status')
  assert.equal(asked('https://ops.example/isthmus/'), 'https://ops.example/isthmus/status')
  assert.equal(asked('http://127.0.0.1:8083/status'), 'http://127.0.0.1:8083/status')
})

test('a password is sent, and never shown', () => {
  const { url, name } = statusTarget('http://ops:secret@mirror-1:8083', {})
  assert.equal(url.password, 'secret')
  assert.equal(name, 'http://mirror-1:8083')
  assert.doesNotMatch(JSON.stringify(problem(undefined, { ISTHMUS_STATUS_URL: 'ftp://ops:secret@mirror-1' })), /secret/)
  assert.doesNotMatch(JSON.stringify(problem('ftp://ops:secret@mirror-1')), /secret/)
})

test('without an argument the environment says where, else it is the usual port of this machine', () => {
  assert.equal(asked(undefined), 'http://127.0.0.1:8083/status')
  assert.equal(asked(undefined, { ISTHMUS_STATUS_URL: '' }), 'http://127.0.0.1:8083/status')
  assert.equal(asked(undefined, { ISTHMUS_STATUS_URL: 'mirror-1:9000' }), 'http://mirror-1:9000/status')
  assert.equal(asked('mirror-2:9000', { ISTHMUS_STATUS_URL: 'mirror-1:9000' }), 'http://mirror-2:9000/status')
  assert.deepEqual(problem(undefined, { ISTHMUS_STATUS_URL: 'mirror 1' }).key, 'ISTHMUS_STATUS_URL')
})

test('a file says where its process listens; all addresses of a machine are asked at its loopback', () => {
  const listen = (address: string): string => asked(file('mm2.properties', 'clusters = A, B', `isthmus.http.listen = ${address}`))
  assert.equal(listen('10.1.2.3:8083'), 'http://10.1.2.3:8083/status')
  assert.equal(listen('0.0.0.0:8083'), 'http://127.0.0.1:8083/status')
  assert.equal(listen(':8083'), 'http://127.0.0.1:8083/status')
  assert.equal(listen('[::]:8083'), 'http://[::1]:8083/status')
  assert.equal(listen('localhost:8083'), 'http://localhost:8083/status')
})

test('of a worker the environment wins over the file, of a mirror it does not', () => {
  const env = { CONNECT_ISTHMUS_HTTP_LISTEN: '127.0.0.1:9999' }
  assert.equal(asked(file('worker.properties', 'isthmus.http.listen = 127.0.0.1:8083'), env), 'http://127.0.0.1:9999/status')
  const mirror = file('mm2.properties', 'clusters = A, B', 'isthmus.http.listen = 127.0.0.1:8083')
  assert.equal(asked(mirror, env), 'http://127.0.0.1:8083/status')
})

test('variables in a file are looked up as its process does', () => {
  const lines = ['config.providers = env', 'config.providers.env.class = EnvVarConfigProvider']
  const path = file('worker.properties', ...lines, `isthmus.http.listen = 127.0.0.1:\${env:PORT}`)
  assert.equal(asked(path, { PORT: '8084' }), 'http://127.0.0.1:8084/status')
  assert.match(problem(path).message, /^\$\{env:PORT\}: env has no PORT; /)
})

test('a file by which nothing can be asked says why, and what to do', () => {
  const told = (...lines: readonly string[]): string => {
    const { key, value, message } = problem(file('mm2.properties', ...lines))
    assert.equal(key, 'isthmus.http.listen')
    assert.match(message, /; if it was started with --listen, give that address instead of the file$/)
    return `${value}: ${message.slice(0, message.lastIndexOf(';'))}`
  }
  const set = 'set it, e.g. to 127.0.0.1:8083, and start it again'
  assert.equal(told('clusters = A, B'), `undefined: is not set: ${set}`)
  assert.equal(told('isthmus.http.listen = none'), `none: nobody listens: ${set}`)
  assert.equal(
    told('isthmus.http.listen = 127.0.0.1:0'),
    '127.0.0.1:0: a free port is taken at each start, which the log tells: give that address',
  )
  assert.equal(told('isthmus.http.listen = 8083'), '8083: must be an address and a port, e.g. 127.0.0.1:8083, or none')
})

test('what is neither is told so, with what may have been meant', () => {
  const path = file('mm2.properties', 'clusters = A, B')
  const forms = 'give http://host:port, host:port, or the properties file of a mirror or a worker'
  assert.equal(problem('mirror-1').message, `is neither a file that exists nor an address; ${forms}`)
  assert.equal(
    problem(join(folder, 'mm2.propertes')).message,
    `is neither a file that exists nor an address; ${forms}; did you mean ${path}?`,
  )
  assert.equal(problem('8083').message, 'is a number; did you mean 127.0.0.1:8083?')
  assert.equal(problem('kafka://mirror-1:9092').message, `kafka is not spoken here; ${forms}`)
  assert.equal(problem('http://').message, `is not a URL; ${forms}`)
  assert.equal(problem('127.0.0.1:99999').message, `is neither a file that exists nor an address; ${forms}`)
  assert.match(problem(folder).message, /^this is a directory; /)
})
