import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname } from 'node:path'
import type { Versions } from './common-files.ts'

interface Manifest {
  readonly version: string
  readonly engines: { readonly node: string }
  readonly devDependencies: Readonly<Record<'typescript' | '@types/node' | 'node', string>>
}

/**
 * What a package is to depend on: what this one is built with. Run out of a clone it depends on that; run by a Node that came as a package it
 * gets that Node as well, since the one that the machine has may be too old.
 * @param isthmus what npm is to be asked for instead
 */
export function versionsFor(isthmus: unknown): Versions {
  const path = findPackageJSON(import.meta.url)
  if (path === undefined) throw new Error(`no package.json above ${import.meta.url}: the installation is incomplete`)
  const { version, engines, devDependencies } = JSON.parse(readFileSync(path, 'utf8')) as Manifest
  const range = `^${version}`
  return {
    isthmus: typeof isthmus === 'string' ? isthmus : isInstalled(path) ? range : `file:${dirname(path)}`,
    isthmusRange: range,
    typescript: devDependencies.typescript,
    nodeTypes: devDependencies['@types/node'],
    node: engines.node,
    nodePackage: isInstalled(process.execPath) ? devDependencies.node : undefined,
  }
}

const isInstalled = (path: string): boolean => /[/\\]node_modules[/\\]/.test(path)
