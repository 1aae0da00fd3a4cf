import { fileURLToPath } from 'node:url'

const fromHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export const projectRoot = fromHere('../../')
/** Ignored by git; may be deleted at any time. */
export const cacheFolder = fromHere('../../.cache/bench/')
export const javaFolder = fromHere('./java/')
export const goFolder = fromHere('./go-copier/')
export const limitProgram = fromHere('./limit-producer.ts')
export const isthmusProgram = fromHere('../../dist/framework/cli/isthmus.js')
