// One chart of lines over time.
/** @import { Sample, Figure } from './history.js' */
/** @import { Kid } from './view.js' */
import { pieces, ticks, timeTicks } from './scale.js'
import { h } from './view.js'

const HEIGHT = 132
const [TOP, BOTTOM, LEFT, RIGHT] = [10, 22, 54, 10]

/** Labels of times nearer to the right edge would not fit. */
const LABEL_SHARE = 0.05

/**
 * @typedef {{ readonly name: string, readonly figure: Figure, readonly line: 'first' | 'second' }} Line
 * @typedef {{ readonly title: string, readonly lines: readonly Line[], readonly samples: readonly Sample[], readonly fromMs: number, readonly toMs: number,
 *   readonly pauseMs: number, readonly width: number, readonly words: (value: number) => string, readonly exact: (value: number) => string, readonly isFilled?: boolean, readonly cursorMs: number | undefined,
 *   readonly onCursor: (atMs: number | undefined) => void }} ChartOptions
 */

/** @param {ChartOptions} options */
export function chart(options) {
  const { title, lines, samples, fromMs, toMs, width, words, exact, cursorMs, onCursor } = options
  const max = Math.max(0, ...lines.map(line => greatest(samples, line.figure)?.value ?? 0))
  const steps = ticks(max === 0 ? 1 : max, 3)
  const top = /** @type {number} */ (steps.at(-1))
  const x = (/** @type {number} */ at) => LEFT + ((at - fromMs) / (toMs - fromMs)) * (width - LEFT - RIGHT)
  const y = (/** @type {number} */ value) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM)
  const shown = cursorMs === undefined ? samples.at(-1) : nearest(samples, cursorMs)
  const atOf = (/** @type {Event} */ event) => {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect()
    const { clientX } = /** @type {PointerEvent} */ (event)
    const share = ((clientX - box.left) * (width / box.width) - LEFT) / (width - LEFT - RIGHT)
    return fromMs + Math.min(1, Math.max(0, share)) * (toMs - fromMs)
  }
  return h(
    'figure',
    { class: 'chart', key: title },
    h('figcaption', {}, h('span', { class: 'title' }, title), legend(lines, shown, exact, cursorMs)),
    h(
      'svg',
      {
        viewBox: `0 0 ${width} ${HEIGHT}`,
        width,
        height: HEIGHT,
        role: 'img',
        'aria-label': describe(options),
        onpointermove: event => onCursor(atOf(event)),
        onpointerleave: () => onCursor(undefined),
      },
      steps.map(step => axisLine(step, y(step), width, words)),
      timeTicks(fromMs, toMs - LABEL_SHARE * (toMs - fromMs), Math.floor((width - LEFT) / 60)).map(at => timeLabel(at, x(at))),
      lines.map(line => lineView(options, line, x, y)),
      cursorMs !== undefined && shown !== undefined && cursorView(shown, lines, x, y),
    ),
  )
}

/** @param {readonly Line[]} lines @param {Sample | undefined} shown @param {(value: number) => string} exact @param {number | undefined} cursorMs */
function legend(lines, shown, exact, cursorMs) {
  const at = cursorMs === undefined || shown === undefined ? '' : ` at ${new Date(shown.atMs).toLocaleTimeString('en-GB')}`
  return h(
    'span',
    { class: 'now' },
    lines.map(({ name, figure, line }) => {
      const value = shown?.[figure] ?? null
      const key = h(
        'svg',
        { class: `key ${line}`, width: 18, height: 8, viewBox: '0 0 18 8', 'aria-hidden': 'true' },
        h('path', { d: 'M0 4h18' }),
      )
      return h(
        'span',
        { key: figure, class: 'value' },
        lines.length > 1 && key,
        lines.length > 1 && `${name} `,
        h('b', {}, value === null ? '–' : exact(value)),
      )
    }),
    at !== '' && h('span', { class: 'at', key: 'at' }, at),
  )
}

/** @param {number} step @param {number} y @param {number} width @param {(value: number) => string} words */
function axisLine(step, y, width, words) {
  return h(
    'g',
    { class: step === 0 ? 'axis' : 'grid', key: `y ${step}` },
    h('line', { x1: LEFT, x2: width - RIGHT, y1: y, y2: y }),
    h('text', { x: LEFT - 7, y, 'text-anchor': 'end', 'dominant-baseline': 'central' }, step === 0 ? '0' : words(step)),
  )
}

/** @param {number} at @param {number} x */
function timeLabel(at, x) {
  const text = new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  return h(
    'g',
    { class: 'axis', key: `x ${at}` },
    h('line', { x1: x, x2: x, y1: HEIGHT - BOTTOM, y2: HEIGHT - BOTTOM + 4 }),
    h('text', { x, y: HEIGHT - 5, 'text-anchor': 'middle' }, text),
  )
}

/** @param {ChartOptions} options @param {Line} line @param {(at: number) => number} x @param {(value: number) => number} y @returns {Kid} */
function lineView({ samples, fromMs, pauseMs, isFilled = false }, { figure, line }, x, y) {
  const points = samples
    .filter(sample => sample.atMs >= fromMs)
    .map(sample => ({ x: x(sample.atMs), at: sample.atMs, value: sample[figure] }))
  const all = pieces(points, pauseMs).filter(piece => piece.length > 0)
  const path = all.map(
    piece =>
      `M${piece.map(point => `${point.x.toFixed(1)} ${y(point.value).toFixed(1)}`).join('L')}${piece.length === 1 ? 'h.1' : ''}`,
  )
  const area = all.map((piece, i) => `${path[i]}V${y(0).toFixed(1)}H${piece[0]?.x.toFixed(1)}Z`)
  return h(
    'g',
    { class: `line ${line}`, key: figure },
    isFilled && h('path', { class: 'area', d: area.join('') }),
    h('path', { class: 'stroke', d: path.join('') }),
  )
}

/** @param {Sample} shown @param {readonly Line[]} lines @param {(at: number) => number} x @param {(value: number) => number} y */
function cursorView(shown, lines, x, y) {
  const at = x(shown.atMs)
  const dots = lines.map(({ figure }) => {
    const value = shown[figure]
    return value !== null && h('circle', { cx: at, cy: y(value), r: 3.5, key: figure })
  })
  return h('g', { class: 'cursor', key: 'cursor' }, h('line', { x1: at, x2: at, y1: TOP - 6, y2: HEIGHT - BOTTOM }), dots)
}

/** For those who do not see it. @param {ChartOptions} options */
function describe({ title, lines, samples, exact }) {
  const of = lines.map(({ name, figure }) => {
    const [now, most] = [samples.at(-1)?.[figure] ?? null, greatest(samples, figure)]
    const max = most === undefined ? '' : `, at most ${exact(most.value)} at ${new Date(most.atMs).toLocaleTimeString('en-GB')}`
    return `${name} ${now === null ? 'not known now' : `${exact(now)} now`}${max}`
  })
  return `${title} over the last hour: ${of.join('; ')}`
}

/** @param {readonly Sample[]} samples @param {Figure} figure */
function greatest(samples, figure) {
  /** @type {{ value: number, atMs: number } | undefined} */
  let most
  for (const { atMs, [figure]: value } of samples)
    if (value !== null && (most === undefined || value > most.value)) most = { value, atMs }
  return most
}

/** @param {readonly Sample[]} samples @param {number} atMs */
function nearest(samples, atMs) {
  const after = samples.findIndex(sample => sample.atMs >= atMs)
  if (after <= 0) return after === 0 ? samples[0] : samples.at(-1)
  const [a, b] = [samples[after - 1], samples[after]]
  return a !== undefined && b !== undefined && atMs - a.atMs < b.atMs - atMs ? a : b
}
