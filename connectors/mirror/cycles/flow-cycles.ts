/** An arrow between two clusters. */
interface Arrow {
  readonly source: string
  readonly target: string
}

/** The shortest way round that begins with an arrow, among others; undefined = it lies on none. */
export function shortestCycle<A extends Arrow>(first: A, among: readonly A[]): readonly A[] | undefined {
  const ways: (readonly A[])[] = [[first]]
  const reached = new Set([first.target])
  for (const way of ways) {
    const end = way.at(-1)?.target
    if (end === first.source) return way
    for (const next of among) {
      if (next.source !== end || reached.has(next.target)) continue
      reached.add(next.target)
      ways.push([...way, next])
    }
  }
  return undefined
}

/** The arrows that lie on a way round. */
export function inCircles<A extends Arrow>(arrows: readonly A[]): readonly A[] {
  return arrows.filter(arrow => shortestCycle(arrow, arrows) !== undefined)
}
