import { Refusal } from './refusal.ts'
import type { Method, Route } from './route.ts'

export interface FoundRoute {
  readonly route: Route
  readonly rest: string
}

/** The route of a path: an exact one before one with `*`, the longest of those first. @throws Refusal 404 or 405 */
export function findRoute(routes: readonly Route[], method: string, path: string): FoundRoute {
  const there = routes.filter(route => restOf(route, path) !== undefined)
  if (there.length === 0) throw new Refusal(404, `There are: ${routes.map(nameOf).join(', ')}`)
  const asked = method === 'HEAD' ? 'GET' : method
  const [route] = there.filter(({ method }) => method === asked).sort((a, b) => preference(b) - preference(a))
  if (route === undefined) {
    const allowed = [...new Set(there.flatMap(({ method }) => allow(method)))].join(', ')
    throw new Refusal(405, `${path} has ${allowed} only`, { Allow: allowed })
  }
  return { route, rest: restOf(route, path) ?? '' }
}

function restOf({ path: pattern }: Route, path: string): string | undefined {
  if (!pattern.endsWith('/*')) return pattern === path ? '' : undefined
  const prefix = pattern.slice(0, -1)
  return path.startsWith(prefix) && path.length > prefix.length ? path.slice(prefix.length) : undefined
}

function preference({ path }: Route): number {
  return path.endsWith('/*') ? path.length : Number.POSITIVE_INFINITY
}

function nameOf({ method, path }: Route): string {
  return method === 'GET' ? path : `${method} ${path}`
}

function allow(method: Method): readonly string[] {
  return method === 'GET' ? ['GET', 'HEAD'] : [method]
}
