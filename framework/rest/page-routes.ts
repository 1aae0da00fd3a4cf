import { readFileSync } from 'node:fs'
import { type Answer, type Route, textAnswer } from './route.ts'

/** An answer with what browsers are to be strict about. */
export interface PageAnswer extends Answer {
  readonly headers: Readonly<Record<string, string>>
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

const HEADERS: Readonly<Record<string, string>> = {
  // Asked for again each time, so that a new version of the program is seen at once.
  'Cache-Control': 'no-cache',
  'Content-Security-Policy': [
    "default-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}

/** The status page. */
export const pageRoutes: readonly Route[] = ['/', '/assets/*'].map(path => ({
  method: 'GET',
  path,
  handle: request => pageAnswer(request.path) ?? textAnswer(404, 'There is no such file'),
}))

/** By name; only of files that exist. */
const read = new Map<string, PageAnswer>()

/**
 * The status page: `/` and `/assets/NAME`. undefined = there is no such file.
 * The files are read once, from `framework/rest/page` of the package, whether this runs from source or compiled.
 */
export function pageAnswer(path: string): PageAnswer | undefined {
  const name = path === '/' ? 'index.html' : /^\/assets\/([a-z][a-z0-9-]*\.(?:css|js|svg))$/.exec(path)?.[1]
  if (name === undefined) return undefined
  const answer = read.get(name) ?? readPageFile(name)
  if (answer !== undefined) read.set(name, answer)
  return answer
}

function readPageFile(name: string): PageAnswer | undefined {
  const contentType = CONTENT_TYPES[name.slice(name.lastIndexOf('.') + 1)]
  if (contentType === undefined) return undefined
  try {
    return { contentType, headers: HEADERS, body: readFileSync(new URL(import.meta.resolve(`#page/${name}`)), 'utf8') }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
