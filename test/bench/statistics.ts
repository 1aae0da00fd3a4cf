export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly runs: number
}

/** Undefined when there is nothing to summarise. The median of an even number of values is the mean of the middle two. */
export const spread = (values: readonly number[]): Spread | undefined => {
  if (values.length === 0) return undefined
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  const upper = sorted[half] as number
  const median = sorted.length % 2 === 1 ? upper : ((sorted[half - 1] as number) + upper) / 2
  return { median, min: sorted[0] as number, max: sorted.at(-1) as number, runs: sorted.length }
}

/** Three significant digits or so: 1234, 123, 12.3, 1.23, 0.123. */
export const readable = (value: number): string => {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
  return value.toFixed(digits)
}

/** `12.3`, or `12.3 (11.9–12.8)` when there is more than one run. */
export const describeSpread = (values: Spread | undefined): string => {
  if (values === undefined) return '–'
  const { median, min, max, runs } = values
  return runs === 1 ? readable(median) : `${readable(median)} (${readable(min)}–${readable(max)})`
}
