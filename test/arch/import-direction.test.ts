import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cyclesOf } from './cycles.ts'
import { folderOf, type ImportEdge, importEdges, ROOT } from './source-tree.ts'

/** From the leaf upwards: a folder imports from its own and lower layers; within a layer as long as no cycle arises. */
const LAYERS: readonly (readonly string[])[] = [
  ['api'],
  ['flow', 'config', 'telemetry', 'text'],
  ['storage', 'kafka', 'converters', 'transforms'],
  ['runtime'],
  ['herder'],
  ['rest'],
  ['di'],
  ['cli'],
]

const SOURCE_FOLDERS = ['framework', 'connectors', 'policies']

const edges = importEdges(SOURCE_FOLDERS)
const internal = edges.filter(edge => !edge.isPackage)

function layerOf(path: string): number {
  return LAYERS.findIndex(layer => layer.includes(path.split('/')[1] ?? ''))
}

function isIn(folder: string): (edge: ImportEdge) => boolean {
  return edge => edge.from.startsWith(`${folder}/`)
}

/** Fails with one line per offending import. */
function assertNone(offenders: readonly ImportEdge[]): void {
  assert.deepEqual(
    offenders.map(edge => `${edge.from} imports ${edge.to}`),
    [],
  )
}

/** Offenders against "this package only in those folders". */
function packageOutside(name: string, folders: readonly string[]): ImportEdge[] {
  const allowed = folders.map(isIn)
  return edges.filter(
    edge => edge.isPackage && (edge.to === name || edge.to.startsWith(`${name}/`)) && !allowed.some(allows => allows(edge)),
  )
}

test('the sources were found', () => {
  assert.ok(edges.length > 50, `${edges.length} imports`)
})

test('every folder of framework has its place in the layers', () => {
  const folders = readdirSync(join(ROOT, 'framework'), { withFileTypes: true }).filter(entry => entry.isDirectory())
  const known = new Set([...LAYERS.flat(), 'testing'])
  assert.deepEqual(
    folders.map(folder => folder.name).filter(name => !known.has(name)),
    [],
  )
})

test('framework: imports go downwards', () => {
  const layered = internal.filter(edge => layerOf(edge.from) >= 0 && edge.from.split('/').length > 2)
  assertNone(
    layered.filter(edge => !edge.to.startsWith('framework/') || layerOf(edge.to) < 0 || layerOf(edge.to) > layerOf(edge.from)),
  )
})

test('framework/testing imports what a task needs, and nothing of the framework imports it', () => {
  const runtimeLayer = LAYERS.findIndex(layer => layer.includes('runtime'))
  const own = internal.filter(isIn('framework/testing')).filter(edge => !edge.to.startsWith('framework/testing/'))
  assertNone(own.filter(edge => layerOf(edge.to) < 0 || layerOf(edge.to) > runtimeLayer))
  assertNone(internal.filter(edge => edge.to.startsWith('framework/testing/') && !isIn('framework/testing')(edge)))
})

test('framework never imports connectors or policies', () => {
  assertNone(internal.filter(isIn('framework')).filter(edge => !edge.to.startsWith('framework/')))
})

test('connectors import framework and policies only, never its upper layers', () => {
  const above = new Set(['herder', 'rest', 'di', 'cli', 'testing'])
  const offends = ({ to }: ImportEdge) =>
    !/^(framework|policies|connectors)\//.test(to) || (to.startsWith('framework/') && above.has(to.split('/')[1] ?? ''))
  assertNone(internal.filter(isIn('connectors')).filter(offends))
})

test('policies import nothing of the project', () => {
  assertNone(internal.filter(isIn('policies')).filter(edge => !edge.to.startsWith('policies/')))
})

test('api is a leaf: of packages it imports the types of rxjs and of the OpenTelemetry API only', () => {
  const packages = edges.filter(isIn('framework/api')).filter(edge => edge.isPackage)
  assertNone(packages.filter(edge => !['rxjs', '@opentelemetry/api'].includes(edge.to) || !edge.isTypeOnly))
})

test('flow knows neither Kafka nor injection: of packages it imports rxjs and Node only', () => {
  const packages = edges.filter(isIn('framework/flow')).filter(edge => edge.isPackage)
  assertNone(packages.filter(edge => edge.to !== 'rxjs' && !edge.to.startsWith('node:')))
})

test('kafkajs only in framework/kafka/kafkajs', () => {
  assertNone(packageOutside('kafkajs', ['framework/kafka/kafkajs']))
})

test('tsyringe and reflect-metadata only in framework/di and framework/cli', () => {
  assertNone([
    ...packageOutside('tsyringe', ['framework/di', 'framework/cli']),
    ...packageOutside('reflect-metadata', ['framework/di', 'framework/cli']),
  ])
})

test('the OpenTelemetry SDK only in framework/cli; everything else uses its API', () => {
  const outside = edges.filter(edge => edge.isPackage && edge.to.startsWith('@opentelemetry/') && !isIn('framework/cli')(edge))
  assertNone(outside.filter(edge => edge.to !== '@opentelemetry/api'))
})

test('no import cycles between folders', () => {
  assert.deepEqual(cyclesOf(internal.map(edge => [folderOf(edge.from), folderOf(edge.to)] as const)), [])
})

test('no import cycles between files, types aside', () => {
  const values = internal.filter(edge => !edge.isTypeOnly)
  assert.deepEqual(cyclesOf(values.map(edge => [edge.from, edge.to] as const)), [])
})

test('every relative import names an existing file', () => {
  assertNone(internal.filter(edge => !existsSync(join(ROOT, edge.to))))
})

test('no top-level folder beyond the agreed ones', () => {
  const ignored = readFileSync(join(ROOT, '.gitignore'), 'utf8')
    .split('\n')
    .map(line => line.replace(/\/$/, ''))
  const agreed = new Set(['framework', 'connectors', 'policies', 'test', 'examples', ...ignored])
  const folders = readdirSync(ROOT, { withFileTypes: true }).filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
  assert.deepEqual(
    folders.map(folder => folder.name).filter(name => !agreed.has(name)),
    [],
  )
})
