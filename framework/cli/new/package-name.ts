import { builtinModules } from 'node:module'

const MAX_LENGTH = 214
const PART = /^[a-z0-9][a-z0-9._-]*$/
const TAKEN = new Set(['node_modules', 'favicon.ico', 'isthmus', ...builtinModules])

/** What is wrong with it as the name of a package, and how to mend it; undefined when nothing is. */
export function nameProblem(name: string): string | undefined {
  if (name.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters; choose a shorter one`
  if (TAKEN.has(name)) return 'is taken; choose another'
  const [scope, base, more] = name.startsWith('@') ? name.slice(1).split('/') : ['own', name]
  if (more === undefined && isPart(scope) && isPart(base)) return undefined
  const suggestion = suggested(name)
  const advice = suggestion === '' ? '' : `, for example ${suggestion}`
  return `is no name for a package: use lower case letters, digits, dashes, dots and underscores, a letter or digit first${advice}`
}

/** `@acme/my-feed` → `my-feed`: the folder that it gets. */
export function baseName(name: string): string {
  return name.slice(name.indexOf('/') + 1)
}

/** `@acme/my-feed` → `MyFeed`: what its classes are called. */
export function className(name: string): string {
  const words = baseName(name).split(/[._-]+/)
  const joined = words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return /^\d/.test(joined) ? `The${joined}` : joined
}

function isPart(part: string | undefined): boolean {
  return part !== undefined && PART.test(part)
}

function suggested(name: string): string {
  const plain = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()
  return plain.replaceAll(/[^a-z0-9._-]+/g, '-').replaceAll(/^[^a-z0-9]+|-+$/g, '')
}
