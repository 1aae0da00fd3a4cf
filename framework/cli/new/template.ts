import type { Files } from './write-files.ts'

/** What a package is made for. */
export interface PackageSpec {
  /** `@acme/my-feed` */
  readonly name: string
  /** `my-feed`: its connector's name, and that of the file that runs it. */
  readonly base: string
  /** `MyFeed`: what its classes begin with. */
  readonly className: string
}

/** One kind of package. */
export interface Template {
  /** In a sentence: `a source`. */
  readonly what: string
  readonly keywords: readonly string[]
  /** Arguments of `isthmus` that run it. */
  start(spec: PackageSpec): string
  /** Files beside those that every package has. */
  files(spec: PackageSpec): Files
  /** What its README says between the commands and the end. */
  readme(spec: PackageSpec): string
}
