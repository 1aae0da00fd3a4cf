/** One login module of a `sasl.jaas.config`. */
export interface JaasEntry {
  readonly module: string
  readonly options: Readonly<Record<string, string>>
}

/** `Module required name="value" …;`, values quoted or bare. Throws Error that says what is wrong. */
export function parseJaas(text: string): JaasEntry {
  const tokens = tokenize(text)
  const module = tokens.shift()
  if (module?.kind !== 'word') throw new Error('no login module is named')
  const flag = tokens.shift()
  if (flag?.kind !== 'word' || !/^(required|requisite|sufficient|optional)$/i.test(flag.text)) {
    throw new Error(`${module.text} must be followed by the word required`)
  }
  const options: Record<string, string> = {}
  for (;;) {
    const name = tokens.shift()
    if (name === undefined) throw new Error('the closing ; is missing')
    if (name.kind === ';') break
    const equals = tokens.shift()
    const value = tokens.shift()
    const complete = name.kind === 'word' && equals?.kind === '=' && (value?.kind === 'word' || value?.kind === 'quoted')
    if (!complete) throw new Error(`${name.kind === 'word' ? name.text : 'an option'} must be written as name="value"`)
    options[name.text] = value.text
  }
  if (tokens.length > 0) throw new Error('only one login module is allowed')
  return { module: module.text, options }
}

interface Token {
  readonly kind: 'word' | 'quoted' | '=' | ';'
  readonly text: string
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', a: '\x07', v: '\v' }

/** As java.io.StreamTokenizer: C escapes in quotes, the rest in words. */
function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  const pattern =
    /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|([=;])|"((?:[^"\\\n\r]|\\[\s\S])*)"|'((?:[^'\\\n\r]|\\[\s\S])*)'|([^\s=;"']+)|([\s\S])/g
  for (const [, mark, double, single, word, rest] of text.matchAll(pattern)) {
    const quoted = double ?? single
    if (mark === '=' || mark === ';') tokens.push({ kind: mark, text: mark })
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: unquote(quoted) })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word })
    else if (rest !== undefined) throw new Error('a quote is not closed')
  }
  return tokens
}

function unquote(text: string): string {
  return text.replace(/\\([0-3][0-7]{0,2}|[4-7][0-7]?|[\s\S])/g, (_, escaped: string) =>
    /^[0-7]/.test(escaped) ? String.fromCharCode(Number.parseInt(escaped, 8)) : (ESCAPES[escaped] ?? escaped),
  )
}
