import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { configProviders, resolveVariables, type UnresolvedVariable } from '../../../../framework/config/providers.ts'

const directory = mkdtempSync(join(tmpdir(), 'isthmus-providers-'))
after(() => rmSync(directory, { recursive: true }))
writeFileSync(join(directory, 'secrets.properties'), 'user = ann\npassword = p\\\\w\n')
writeFileSync(join(directory, 'token'), 'from a file\n')

function resolveAll(properties: Record<string, string>, values: Record<string, string>) {
  const warnings: string[] = []
  const unresolved: UnresolvedVariable[] = []
  const providers = configProviders(properties, (key, message) => warnings.push(`${key}: ${message}`), {
    env: { NAME: 'value', OTHER: 'o' },
  })
  return { resolved: { ...resolveVariables(values, providers, v => unresolved.push(v)) }, warnings, unresolved }
}

const all = {
  'config.providers': 'file, dir,env',
  'config.providers.file.class': 'org.apache.kafka.common.config.provider.FileConfigProvider',
  'config.providers.dir.class': 'DirectoryConfigProvider',
  'config.providers.env.class': 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
  'config.providers.env.param.allowlist.pattern': 'NAM.*',
}

test('variables of files, directories and the environment are replaced, several in one value', () => {
  const file = join(directory, 'secrets.properties')
  const { resolved, warnings, unresolved } = resolveAll(all, {
    a: `\${file:${file}:user}/\${file:${file}:password}`,
    b: `\${dir:${directory}:token}`,
    c: `\${env:NAME}\${env::NAME}`,
    d: `plain $ {x} \${}`,
  })
  assert.deepEqual(resolved, { a: 'ann/p\\w', b: 'from a file\n', c: 'valuevalue', d: `plain $ {x} \${}` })
  assert.deepEqual([warnings, unresolved], [[], []])
})

test('what cannot be resolved stays, and is told with the reason', () => {
  const values = {
    a: `\${vault:x:y}`,
    b: `\${env:OTHER}`,
    c: `\${file:/nowhere/x.properties:user}`,
    d: `\${dir:/nowhere:../etc/passwd}`,
  }
  const { resolved, unresolved } = resolveAll(all, values)
  assert.deepEqual(resolved, values)
  assert.deepEqual(
    unresolved.map(u => u.key),
    ['a', 'b', 'c', 'd'],
  )
  assert.match(unresolved[0]?.reason ?? '', /no config provider is named vault/)
  assert.match(unresolved[1]?.reason ?? '', /env has no OTHER/)
})

test('allowed.paths keeps the rest of the disk out', () => {
  const value = `\${dir:${directory}:token}`
  const allowed = { ...all, 'config.providers.dir.param.allowed.paths': directory }
  assert.equal(resolveAll(allowed, { b: value }).resolved.b, 'from a file\n')
  const elsewhere = { ...all, 'config.providers.dir.param.allowed.paths': '/nowhere' }
  assert.match(resolveAll(elsewhere, { b: value }).unresolved[0]?.reason ?? '', /outside allowed\.paths/)
})

test('an unknown class is told and left out', () => {
  const { warnings } = resolveAll({ 'config.providers': 'v,w', 'config.providers.v.class': 'com.acme.Vault' }, {})
  assert.equal(warnings.length, 2)
  assert.match(warnings[0] ?? '', /config\.providers\.v\.class: com\.acme\.Vault is not known.*FileConfigProvider/)
})
