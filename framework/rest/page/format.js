// Figures for people.

const grouped = new Intl.NumberFormat('en')
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })
const fine = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

/** `12,345`; `–` for what is not known. @param {number | undefined | null} value */
export function count(value) {
  return value === undefined || value === null ? '–' : grouped.format(Math.round(value))
}

/** `12.3K`, exact below 10,000. @param {number} value */
export function short(value) {
  return value < 10_000 ? count(value) : compact.format(value)
}

/** `1.23K`. @param {number} value */
export function tight(value) {
  return value < 1_000 ? count(value) : compact.format(value)
}

/** `1 partition`, `5,000 partitions`. @param {number} value @param {string} one @param {string} [many] */
export function plural(value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** `1,234/s`, `0.3/s`. @param {number} perSecond @param {(value: number) => string} number */
export function rate(perSecond, number = short) {
  return `${perSecond > 0 && perSecond < 10 ? fine.format(perSecond) : number(perSecond)}/s`
}

/** `12.3 MiB`. @param {number | undefined} value */
export function bytes(value) {
  if (value === undefined) return '–'
  let [amount, unit] = [value, 'B']
  for (const next of ['KiB', 'MiB', 'GiB', 'TiB']) {
    if (amount < 1024) break
    amount /= 1024
    unit = next
  }
  return `${unit === 'B' || amount >= 100 ? count(amount) : fine.format(amount)} ${unit}`
}

/** `850 ms`, `12 s`, `3 min 5 s`, `2 h 5 min`, `3 d 4 h`. @param {number | undefined | null} ms */
export function duration(ms) {
  if (ms === undefined || ms === null) return '–'
  if (ms < 1_000) return `${ms > 0 && ms < 10 ? fine.format(ms) : Math.round(Math.max(0, ms))} ms`
  const seconds = Math.floor(ms / 1_000)
  if (seconds < 10) return `${fine.format(ms / 1_000)} s`
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return parts(seconds, 60, 'min', 's')
  if (seconds < 86_400) return parts(Math.floor(seconds / 60), 60, 'h', 'min')
  return parts(Math.floor(seconds / 3_600), 24, 'd', 'h')
}

/** How long ago, in whole seconds. @param {number} ms */
export function age(ms) {
  return duration(Math.max(1, Math.floor(ms / 1_000)) * 1_000)
}

/** @param {number} value @param {number} size @param {string} large @param {string} small */
function parts(value, size, large, small) {
  const rest = value % size
  return `${count(Math.floor(value / size))} ${large}${rest > 0 ? ` ${rest} ${small}` : ''}`
}

/** `14:03:12` of today, `3 Nov 14:03` of another day, in the reader's time zone. @param {number} atMs @param {number} nowMs */
export function time(atMs, nowMs) {
  const [at, now] = [new Date(atMs), new Date(nowMs)]
  if (at.toDateString() === now.toDateString()) return at.toLocaleTimeString('en-GB')
  return `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`
}

/** `Caught up` for `CAUGHT_UP`. @param {string} state */
export function stateName(state) {
  const words = state.toLowerCase().replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** `A → B` for `A->B`. @param {string} flow */
export function flowName(flow) {
  return flow.replace('->', ' → ')
}
