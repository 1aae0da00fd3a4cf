import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  BATCH_VERBS,
  EVENT_NAMES,
  FLOW_TROUBLE_NAMES,
  LOG_COMPONENTS,
  RUN_NAMES,
  SpanAttribute,
  STAGE_NAMES,
  TROUBLE_NAMES,
  traceKeys,
} from '../../../../framework/telemetry/index.ts'

const readme = readFileSync(join(import.meta.dirname, '../../../../framework/telemetry/README.md'), 'utf8')

/** What stands in code in the first column of the table below a heading. */
function rows(heading: string): string[] {
  const section = readme.split(/^#+ /m).find(text => text.startsWith(`${heading}\n`)) ?? ''
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name)
}

test('the table of spans is what the code makes', () => {
  const ofTopics = [...BATCH_VERBS, ...TROUBLE_NAMES].map(name => `${name} <topic>`)
  const ofFlows = FLOW_TROUBLE_NAMES.map(name => `${name} <${name}>`)
  assert.deepEqual(rows('Spans').sort(), [...ofTopics, ...ofFlows, ...STAGE_NAMES, ...RUN_NAMES, 'task <task>'].sort())
})

test('the table of events is what the code makes', () => {
  assert.deepEqual(rows('Events').sort(), [...EVENT_NAMES].sort())
})

test('the table of attributes is what the code sets', () => {
  assert.deepEqual(rows('Attributes').sort(), Object.values(SpanAttribute).sort())
})

test('the table of keys has every key with its default', () => {
  assert.deepEqual(rows('Traces').sort(), Object.keys(traceKeys).sort())
  for (const [key, { default: preset }] of Object.entries(traceKeys))
    assert.ok(readme.includes(`| \`${key}\` | ${preset} |`), key)
})

test('the table of components is what the code logs as', () => {
  assert.deepEqual(rows('Components'), Object.keys(LOG_COMPONENTS))
  for (const [name, doc] of Object.entries(LOG_COMPONENTS)) assert.ok(readme.includes(`| \`${name}\` | ${doc} |`), name)
})
