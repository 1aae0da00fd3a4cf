// Words and signs that several parts of the page use.
/** @import { Severity } from '../../api/status-report.ts' */
/** @import { View } from './view.js' */
import { age, stateName, time } from './format.js'
import { h } from './view.js'

/** @typedef {Severity | 'idle'} Tone */

/** Each tone has a shape of its own: colour says nothing that the shape does not. @type {Record<Tone, { word: string, shape: string, sign: string }>} */
const TONES = {
  ok: { word: 'fine', shape: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Z', sign: 'M4.8 8.3 7 10.5l4.2-4.7' },
  warning: { word: 'warning', shape: 'M8 1.2 15.4 14.4H.6Z', sign: 'M8 6v4M8 12v.6' },
  error: { word: 'trouble', shape: 'M5 1h6l4 4v6l-4 4H5l-4-4V5Z', sign: 'M5.5 5.5l5 5M10.5 5.5l-5 5' },
  idle: { word: 'idle', shape: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Z', sign: 'M5.5 8h5' },
}

/** @param {Tone} tone @param {Record<string, string | number>} [place] of an icon inside a drawing */
export function icon(tone, place = {}) {
  const { shape, sign } = TONES[tone]
  return h(
    'svg',
    { class: `icon ${tone}`, viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true', key: 'icon', ...place },
    h('path', { class: 'shape', d: shape, key: 'shape' }),
    h('path', { class: 'sign', d: sign, key: 'sign' }),
  )
}

/** @param {Severity} severity @param {string} state @returns {Tone} */
export function toneOf(severity, state) {
  return severity === 'ok' && /^(STANDBY|STOPPED|STOPPING|PAUSED|STARTING|UNASSIGNED|DESTROYED)$/.test(state) ? 'idle' : severity
}

/** An icon and the state in words. @param {Severity} severity @param {string} state */
export function badge(severity, state) {
  const tone = toneOf(severity, state)
  return h('span', { class: `badge ${tone}` }, icon(tone), ` ${stateName(state)}`)
}

/** For those who see no icon. @param {Tone} tone */
export const toneWord = tone => TONES[tone].word

/** `3 min 5 s ago`; the time itself on request. @param {number | undefined} atMs @param {number} nowMs @returns {View | string} */
export function ago(atMs, nowMs) {
  if (atMs === undefined) return '–'
  return h('time', { datetime: new Date(atMs).toISOString(), title: time(atMs, nowMs) }, `${age(nowMs - atMs)} ago`)
}

/** `for 3 min`. @param {number | undefined} sinceMs @param {number} nowMs */
export function lasting(sinceMs, nowMs) {
  if (sinceMs === undefined) return undefined
  return h(
    'time',
    { class: 'since', datetime: new Date(sinceMs).toISOString(), title: `since ${time(sinceMs, nowMs)}` },
    `for ${age(nowMs - sinceMs)}`,
  )
}

/** @param {Severity} a @param {Severity} b */
export const worseOf = (a, b) =>
  a === 'error' || b === 'error' ? 'error' : a === 'warning' || b === 'warning' ? 'warning' : 'ok'
