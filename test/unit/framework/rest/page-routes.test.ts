import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pageAnswer } from '../../../../framework/rest/page-routes.ts'

const PAGE = join(import.meta.dirname, '../../../../framework/rest/page')
const served = readdirSync(PAGE).filter(name => /\.(css|js|svg)$/.test(name))

test('/ is the page, and lets nothing in from elsewhere, no script in its text, and no frame around it', () => {
  const { contentType, headers, body } = pageAnswer('/')!
  assert.equal(contentType, 'text/html; charset=utf-8')
  assert.match(headers['Content-Security-Policy']!, /^default-src 'self';.* frame-ancestors 'none'/)
  assert.equal(headers['X-Content-Type-Options'], 'nosniff')
  assert.equal(headers['X-Frame-Options'], 'DENY')
  assert.equal(headers['Cache-Control'], 'no-cache')
  assert.doesNotMatch(String(body), /<script(?![^>]* src=)|<style| style=| on[a-z]+=/)
})

test('each file is served with its type', () => {
  assert.ok(served.length > 20, `${served.length} files`)
  const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml' }
  for (const name of served) {
    assert.equal(pageAnswer(`/assets/${name}`)?.contentType, types[name.split('.').at(-1) as keyof typeof types], name)
  }
})

test('nothing names a file that is not there, or an address elsewhere', () => {
  for (const name of ['/', ...served.map(file => `/assets/${file}`)]) {
    const body = String(pageAnswer(name)?.body)
    const names = [...body.matchAll(/(?:from '\.\/|assets\/)([\w.-]+\.(?:js|css|svg))/g)].map(([, file]) => file)
    for (const file of names) assert.ok(pageAnswer(`/assets/${file}`) !== undefined, `${name} names ${file}`)
    assert.doesNotMatch(body.replaceAll('http://www.w3.org/2000/svg', ''), /https?:\/\//, name)
  }
})

test('only files of the page can be had', () => {
  const others = [
    'README.md',
    'tsconfig.json',
    '../page-routes.ts',
    '%2e%2e/route.ts',
    'none.js',
    'page/',
    '',
    '.js',
    'Main.js',
    'main.js/',
  ]
  for (const other of others) assert.equal(pageAnswer(`/assets/${other}`), undefined, other)
  for (const other of ['/index.html', '/assets', '/main.js', '']) assert.equal(pageAnswer(other), undefined, other)
})
