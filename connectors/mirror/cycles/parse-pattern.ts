import { compileJavaPattern } from '../../../policies/index.ts'
import { type Language, TOPIC_CHARACTERS, type TopicLanguages } from './topic-languages.ts'

/** Longer names than this Kafka does not allow. */
const LONGEST = 249

/**
 * The names of topics that a Java regular expression matches as a whole; undefined = it uses what no language can say, or what is not
 * worth it here (look-around, flags, word boundaries, possessive quantifiers).
 */
export function parsePattern(pattern: string, languages: TopicLanguages): Language | undefined {
  try {
    return new Parser(pattern, languages).parse()
  } catch (error) {
    if (error instanceof NotRegular) return undefined
    throw error
  }
}

class NotRegular extends Error {}

class Parser {
  readonly #pattern: string
  readonly #languages: TopicLanguages
  #at = 0

  constructor(pattern: string, languages: TopicLanguages) {
    this.#pattern = pattern
    this.#languages = languages
  }

  parse(): Language {
    const all = this.#alternatives(true)
    if (this.#at < this.#pattern.length) throw new NotRegular()
    return all
  }

  #alternatives(isOutermost: boolean): Language {
    const options: Language[] = []
    do {
      if (isOutermost) this.#take('^')
      options.push(this.#sequence())
      if (isOutermost && this.#take('$') && !/^(\||$)/.test(this.#rest)) throw new NotRegular()
    } while (this.#take('|'))
    return this.#languages.either(options)
  }

  #sequence(): Language {
    const parts: Language[] = []
    while (!/^([|)$]|$)/.test(this.#rest)) parts.push(...this.#quantified())
    return parts.reduceRight((rest, part) => this.#languages.sequence(part, rest), this.#languages.empty)
  }

  /** Quoted text is as many parts as it has characters. */
  #quantified(): readonly Language[] {
    const [quoted, text] = /^\\Q(.*?)(?:\\E|$)/s.exec(this.#rest) ?? []
    if (quoted !== undefined && text !== undefined) {
      this.#at += quoted.length
      if (/^[*+?{]/.test(this.#rest)) throw new NotRegular()
      return [...text].map(character => this.#literal(character))
    }
    return [this.#repeat(this.#atom())]
  }

  #repeat(one: Language): Language {
    const [quantifier, count] = /^(?:[*+?]|\{(\d+)\})/.exec(this.#rest) ?? []
    if (quantifier === undefined) return one
    this.#at += quantifier.length
    this.#take('?')
    if (/^[*+?{]/.test(this.#rest) || Number(count ?? 0) > LONGEST) throw new NotRegular()
    const { empty } = this.#languages
    if (count !== undefined) {
      return Array.from({ length: Number(count) }).reduce<Language>(rest => this.#languages.sequence(one, rest), empty)
    }
    const many = this.#languages.repeated(one)
    if (quantifier === '+') return this.#languages.sequence(one, many)
    return quantifier === '*' ? many : this.#languages.either([one, empty])
  }

  #atom(): Language {
    if (this.#take('(')) return this.#group()
    const [text = ''] = /^(\\[pP](\{[^}]*\}|.)|\\[dDwWsShHvV]|\\[^a-zA-Z0-9]|[^\\[(*+?{^])/su.exec(this.#rest) ?? [
      this.#characterClass(),
    ]
    this.#at += text.length
    if (text.length === 1 && text !== '.') return this.#literal(text)
    const { matches } = compileJavaPattern(text)
    return this.#languages.character(TOPIC_CHARACTERS.filter(matches))
  }

  #group(): Language {
    const [prefix = ''] = /^\?(:|<[a-zA-Z][a-zA-Z0-9]*>)/.exec(this.#rest) ?? []
    this.#at += prefix.length
    const inner = this.#alternatives(false)
    if (!this.#take(')')) throw new NotRegular()
    return inner
  }

  /** The text of the class that begins here, classes within it included. */
  #characterClass(): string {
    const rest = this.#rest
    if (!/^\[(?!\^?\])/.test(rest)) throw new NotRegular()
    let depth = 0
    for (let i = 0; i < rest.length; i++) {
      if (rest[i] === '\\') {
        if (rest[i + 1] === 'Q') throw new NotRegular()
        i++
      } else if (rest[i] === '[') depth++
      else if (rest[i] === ']' && --depth === 0) return rest.slice(0, i + 1)
    }
    throw new NotRegular()
  }

  #literal(character: string): Language {
    return this.#languages.character(TOPIC_CHARACTERS.includes(character) ? [character] : [])
  }

  get #rest(): string {
    return this.#pattern.slice(this.#at)
  }

  #take(text: string): boolean {
    const isThere = this.#pattern.startsWith(text, this.#at)
    if (isThere) this.#at += text.length
    return isThere
  }
}
