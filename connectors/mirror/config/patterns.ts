import { JavaRegexError, PatternList, PatternListError } from '../../../policies/index.ts'

/** What is wrong with a list of names and Java regular expressions; undefined = nothing. */
export function patterns(value: string): string | undefined {
  try {
    new PatternList('', value)
    return undefined
  } catch (error) {
    if (error instanceof PatternListError || error instanceof JavaRegexError) return error.message
    throw error
  }
}
