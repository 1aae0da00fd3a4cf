/** What Kafka allows in the name of a topic. */
export const TOPIC_CHARACTERS: readonly string[] = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-']

/** A set of names, as a regular expression. Equal ones of one `TopicLanguages` are the same object. */
export interface Language {
  readonly id: number
  readonly form: Form
  /** Whether the empty name belongs to it: after a name was taken off character by character, whether the name did. */
  readonly hasEmpty: boolean
}

type Form =
  | { readonly kind: 'nothing' | 'empty' }
  | { readonly kind: 'character'; readonly oneOf: ReadonlySet<string> }
  | { readonly kind: 'sequence'; readonly first: Language; readonly rest: Language }
  | { readonly kind: 'either'; readonly options: readonly Language[] }
  | { readonly kind: 'repeated'; readonly of: Language }

/** Makes languages and takes them apart by the derivatives of Brzozowski: `after(L, c)` is what may follow `c` in names of L. */
export class TopicLanguages {
  readonly #known = new Map<string, Language>()
  readonly #after = new Map<string, Language>()
  readonly #sets = new Map<string, ReadonlySet<string>>()
  readonly nothing = this.#intern('nothing', { kind: 'nothing' }, false)
  readonly empty = this.#intern('empty', { kind: 'empty' }, true)

  character(oneOf: Iterable<string>): Language {
    const text = [...new Set(oneOf)].sort().join('')
    if (text === '') return this.nothing
    if (!this.#sets.has(text)) this.#sets.set(text, new Set(text))
    return this.#intern(`[${text}`, { kind: 'character', oneOf: this.#sets.get(text) ?? new Set() }, false)
  }

  sequence(first: Language, rest: Language): Language {
    if (first === this.nothing || rest === this.nothing) return this.nothing
    if (first === this.empty) return rest
    if (rest === this.empty) return first
    const { form } = first
    if (form.kind === 'sequence') return this.sequence(form.first, this.sequence(form.rest, rest))
    return this.#intern(`,${first.id},${rest.id}`, { kind: 'sequence', first, rest }, first.hasEmpty && rest.hasEmpty)
  }

  either(languages: Iterable<Language>): Language {
    const flat = [...languages].flatMap(one => (one.form.kind === 'either' ? one.form.options : [one]))
    const options = [...new Set(flat)].filter(one => one !== this.nothing).sort((a, b) => a.id - b.id)
    const [only = this.nothing] = options
    if (options.length < 2) return only
    const key = `|${options.map(({ id }) => id).join('|')}`
    return this.#intern(
      key,
      { kind: 'either', options },
      options.some(({ hasEmpty }) => hasEmpty),
    )
  }

  /** Any number of times, none included. */
  repeated(of: Language): Language {
    if (of === this.nothing || of === this.empty) return this.empty
    return of.form.kind === 'repeated' ? of : this.#intern(`*${of.id}`, { kind: 'repeated', of }, true)
  }

  /** What may follow a character. */
  after(language: Language, character: string): Language {
    const key = `${language.id}${character}`
    const known = this.#after.get(key)
    if (known !== undefined) return known
    const derived = this.#derive(language.form, language, character)
    this.#after.set(key, derived)
    return derived
  }

  /** One of all characters that no language made so far tells apart. */
  representatives(): readonly string[] {
    const sets = [...this.#sets.values()]
    const first = new Map<string, string>()
    for (const character of TOPIC_CHARACTERS) {
      const signature = sets.map(set => (set.has(character) ? 1 : 0)).join('')
      if (!first.has(signature)) first.set(signature, character)
    }
    return [...first.values()]
  }

  #derive(form: Form, whole: Language, character: string): Language {
    switch (form.kind) {
      case 'nothing':
      case 'empty':
        return this.nothing
      case 'character':
        return form.oneOf.has(character) ? this.empty : this.nothing
      case 'sequence': {
        const within = this.sequence(this.after(form.first, character), form.rest)
        return form.first.hasEmpty ? this.either([within, this.after(form.rest, character)]) : within
      }
      case 'either':
        return this.either(form.options.map(option => this.after(option, character)))
      case 'repeated':
        return this.sequence(this.after(form.of, character), whole)
    }
  }

  #intern(key: string, form: Form, hasEmpty: boolean): Language {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const language = { id: this.#known.size, form, hasEmpty }
    this.#known.set(key, language)
    return language
  }
}
