import { compileJavaPattern, JavaRegexError, splitList } from '../../../policies/index.ts'
import { parsePattern } from './parse-pattern.ts'
import { type Language, TOPIC_CHARACTERS, type TopicLanguages } from './topic-languages.ts'

/** What a flow's patterns choose: what they include without what they exclude. */
export interface TopicChoice {
  readonly include: Language
  readonly exclude: Language
}

/**
 * Names that are spelt out in `include` aside: those are looked at one by one. It is never less than what is chosen: what cannot be parsed
 * counts as including all and as excluding nothing.
 */
export function choiceOf(
  lists: { readonly include: string; readonly exclude: string } | undefined,
  languages: TopicLanguages,
): TopicChoice {
  const all = languages.repeated(languages.character(TOPIC_CHARACTERS))
  if (lists === undefined) return { include: all, exclude: languages.nothing }
  const patterns = alternativesOf(lists.include).filter(item => !/^([\w-]|\\\.)+$/.test(item))
  const union = (items: readonly string[], otherwise: Language): Language =>
    languages.either(items.map(item => parsePattern(item, languages) ?? otherwise))
  return { include: union(patterns, all), exclude: union(alternativesOf(lists.exclude), languages.nothing) }
}

/** The items of a list where each is an alternative of its own; else the whole of it, in which brackets, quotes or flags reach over commas. */
function alternativesOf(list: string): readonly string[] {
  const items = splitList(list)
  const standAlone = items.every(item => !/\\Q|\(\?[a-zA-Z-]/.test(item) && compiles(item))
  return standAlone || items.length === 0 ? items : [items.join('|')]
}

function compiles(pattern: string): boolean {
  try {
    return compileJavaPattern(pattern) !== undefined
  } catch (error) {
    if (error instanceof JavaRegexError) return false
    throw error
  }
}
