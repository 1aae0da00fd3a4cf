/** What Node's runner tells of a test; `file` is where it is written, `entryFile` the file whose process it runs in. A file itself has no `entryFile`. */
interface TestEvent {
  readonly name: string
  readonly file?: string | undefined
  readonly entryFile?: string
  readonly testId?: number
  readonly details?: { readonly duration_ms: number }
}

const SHOWN_FILES = 10

/** How long files took, and which tests had begun and not ended when their file did. */
export class FileProgress {
  readonly #durationsMs = new Map<string, number>()
  /** By file: the tests under way, by their id. */
  readonly #underWay = new Map<string, Map<number, string>>()
  readonly #unfinished: (readonly [file: string, tests: readonly string[]])[] = []

  begins({ name, entryFile, testId }: TestEvent): void {
    if (entryFile === undefined || testId === undefined) return
    const tests = this.#underWay.get(entryFile) ?? new Map<number, string>()
    this.#underWay.set(entryFile, tests.set(testId, name))
  }

  ends({ file, entryFile, testId, details }: TestEvent): void {
    if (entryFile !== undefined) {
      this.#underWay.get(entryFile)?.delete(testId ?? 0)
      return
    }
    if (file === undefined || details === undefined) return
    this.#durationsMs.set(file, details.duration_ms)
    const left = [...(this.#underWay.get(file)?.values() ?? [])]
    if (left.length > 0) this.#unfinished.push([file, left])
    this.#underWay.delete(file)
  }

  /** The ten slowest files, and what had not ended. */
  report(shown: (file: string) => string): string[] {
    const slowest = [...this.#durationsMs].sort(([, a], [, b]) => b - a).slice(0, SHOWN_FILES)
    return [
      'Slowest files:',
      ...slowest.map(([file, ms]) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${shown(file)}`),
      ...this.#unfinished.map(([file, tests]) => `Under way when ${shown(file)} ended: ${tests.join(' > ')}`),
    ]
  }
}
