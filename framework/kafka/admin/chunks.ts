const CHUNK = 250

/** Pieces that a broker answers well within a request's time. */
export function* inChunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += CHUNK) yield items.slice(from, from + CHUNK)
}
