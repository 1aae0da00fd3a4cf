import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ConfigError } from '../../../../framework/api/index.ts'
import type { Token } from '../../../../framework/api/injection.ts'
import { createInjector, PluginRegistry } from '../../../../framework/di/index.ts'

interface Greeter {
  greet(): string
}

const contract = { what: 'a greeter', methods: ['greet'] as const }
const folder = mkdtempSync(join(tmpdir(), 'isthmus-plugins-'))
after(() => rmSync(folder, { recursive: true }))

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
}

write('package.json', '{"type":"module"}')
write('default.js', 'export default class Hello { greet() { return "default" } }\nexport class Other {}')
write('only.js', 'export const answer = 42\nexport class Hello { greet = () => "only" }')
write('two.js', 'export class Hello { greet() { return "one" } }\nexport class Bye { greet() { return "two" } }')
write('typed.ts', 'export class Hello { private readonly word: string = "typed"; greet(): string { return this.word } }')
write('none.js', 'export const answer = 42\nexport const arrow = () => 1')
write('empty.js', '')
write('throws.js', 'throw new TypeError("no luck")')
write('imports.js', 'import "./missing.js"')
write('wrong.js', 'export class Hello { wave() {} }')
write('constructor.js', 'export class Hello { constructor() { throw new Error("not today") } greet() {} }')
write('needs.js', 'export class Hello { constructor(a, b) { this.a = a } greet() { return "needs" } }')
write('configure.js', 'export class Hello { configure(p) { this.word = p.word.trim() } greet() { return this.word } }')
write('common.cjs', 'module.exports = class Hello { greet() { return "common" } }')
write('node_modules/@acme/greet/package.json', '{"name":"@acme/greet","type":"module","exports":{"import":"./index.js"}}')
write('node_modules/@acme/greet/index.js', 'export class A { greet() { return "A" } }\nexport class B { greet() { return "B" } }')

const registry = new PluginRegistry()
registry.register(
  'org.example.BuiltInGreeter',
  class {
    greet(): string {
      return 'built in'
    }
  },
)

async function make(value: string, properties: Record<string, string> = {}, folders = [folder]): Promise<string> {
  const create = await registry.loader(folders).load<Greeter>({ key: 'greeter.class', value }, contract)
  return create(createInjector(), properties).greet()
}

async function problemOf(value: string, properties: Record<string, string> = {}): Promise<string> {
  const error = await make(value, properties).then(
    () => assert.fail(`${value} was accepted`),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof ConfigError, String(error))
  assert.equal(error.problems.length, 1)
  assert.equal(error.problems[0]?.key, 'greeter.class')
  assert.equal(error.problems[0]?.value, value)
  return error.problems[0]?.message ?? ''
}

test('a class is found by registered name, path, path and export, package and export', async () => {
  assert.equal(await make('org.example.BuiltInGreeter'), 'built in')
  assert.equal(await make(' ./default.js '), 'default')
  assert.equal(await make('./only.js'), 'only')
  assert.equal(await make('./two.js#Bye'), 'two')
  assert.equal(await make('./typed.ts'), 'typed')
  assert.equal(await make('./common.cjs'), 'common')
  assert.equal(await make(join(folder, 'two.js#Hello')), 'one')
  assert.equal(await make('@acme/greet#B'), 'B')
})

test('folders are tried in order, each for what it has', async () => {
  const other = mkdtempSync(join(tmpdir(), 'isthmus-other-'))
  writeFileSync(join(other, 'two.mjs'), 'export class Hello { greet() { return "other" } }')
  assert.equal(await make('./two.js#Hello', {}, [other, folder]), 'one')
  assert.equal(await make('./two.mjs', {}, [folder, other]), 'other')
  rmSync(other, { recursive: true })
})

test('an instance is configured with all properties', async () => {
  assert.equal(await make('./configure.js', { word: ' hi ' }), 'hi')
})

test('what is not there is said, with the nearest name', async () => {
  assert.match(await problemOf('org.example.BuildInGreeter'), /did you mean org\.example\.BuiltInGreeter\?/)
  assert.match(await problemOf('com.acme.Greeter'), /is not known here; a greeter of your own is written \.\/file\.js/)
  assert.match(await problemOf('./quite-another.js'), /there is no file \.\/quite-another\.js in .*; correct the path/)
  assert.match(await problemOf('nope-package#X'), /neither known here nor a package/)
})

test('a module that cannot be loaded tells its own reason', async () => {
  assert.match(await problemOf('./throws.js'), /fails when it is loaded: TypeError: no luck/)
  assert.match(await problemOf('./imports.js'), /fails when it is loaded: .*missing\.js/)
})

test('what a module exports instead is listed', async () => {
  assert.match(await problemOf('./two.js'), /several classes \(Bye, Hello\); name one, e\.g\. \.\/two\.js#Bye/)
  assert.match(await problemOf('./two.js#Hallo'), /no export Hallo, but Bye, Hello; did you mean Hello\?/)
  assert.match(await problemOf('./none.js'), /exports no class, but answer, arrow/)
  assert.match(await problemOf('./none.js#answer'), /the export answer is not a class/)
  assert.match(await problemOf('./empty.js'), /exports no class, but nothing/)
})

test('an instance that cannot be made, lacks a method or refuses its configuration is said to', async () => {
  assert.match(await problemOf('./constructor.js'), /an instance of Hello cannot be made: not today/)
  assert.match(await problemOf('./needs.js'), /it needs 2 arguments: give them defaults/)
  assert.match(await problemOf('./wrong.js'), /Hello has no method greet and so is not a greeter/)
  assert.match(await problemOf('./configure.js'), /Hello does not accept its configuration: TypeError/)
})

test('an injector makes a service once, shows it to its children and keeps theirs to them', () => {
  const word = Symbol('word') as Token<string>
  const own = Symbol('own') as Token<string>
  const outer = createInjector()
  let made = 0
  outer.provide(word, () => `word ${++made}`)
  const child = outer.child()
  child.provide(own, injector => `own ${injector.resolve(word)}`)
  assert.equal(child.resolve(own), 'own word 1')
  assert.equal(outer.resolve(word), 'word 1')
  assert.deepEqual([outer.has(word), child.has(word), child.has(own), outer.has(own)], [true, true, true, false])
})
