const ASCII = /^[\x20-\x7e]*$/
/** Characters that take two columns of a terminal. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u
const graphemes = new Intl.Segmenter()

/** Columns that a text without styles takes on a terminal. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += widthOfOne(segment)
  return width
}

/** Cut to so many columns, the last of them `…` where something is missing. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  const room = Math.max(1, columns) - 1
  let kept = ''
  let width = 0
  for (const { segment } of graphemes.segment(text)) {
    width += widthOfOne(segment)
    if (width > room) break
    kept += segment
  }
  return `${kept}…`
}

function widthOfOne(grapheme: string): number {
  return WIDE.test(grapheme) ? 2 : 1
}
