import { getTestContext } from 'node:test'

/**
 * For what would keep a test file's process alive: `work` runs when the test, or the suite of a `before`, is over that called this, also when it
 * has failed. Outside tests it never runs. What a test ends itself, by an `after` of its own too, it may end later: `work` must allow for that.
 */
export function atTestEnd(work: () => unknown): void {
  const context = getTestContext()
  if (context !== undefined && 'after' in context) context.after(async () => void (await work()))
}
