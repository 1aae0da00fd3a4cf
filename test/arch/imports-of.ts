import { SyntaxKind } from 'typescript/unstable/ast'
import { createScanner } from 'typescript/unstable/ast/scanner'

export interface ImportedModule {
  readonly specifier: string
  /** `import type …` or `export type … from`: gone once compiled. */
  readonly isTypeOnly: boolean
}

/** After these tokens a slash divides; after any other it begins a regular expression. */
const ENDS_EXPRESSION = new Set([
  SyntaxKind.Identifier,
  SyntaxKind.PrivateIdentifier,
  SyntaxKind.NumericLiteral,
  SyntaxKind.BigIntLiteral,
  SyntaxKind.StringLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateTail,
  SyntaxKind.CloseParenToken,
  SyntaxKind.CloseBracketToken,
  SyntaxKind.CloseBraceToken,
  SyntaxKind.ThisKeyword,
])

interface Token {
  readonly kind: SyntaxKind
  readonly value: string
}

/** The modules a TypeScript source imports or re-exports, dynamic imports of literal names included. */
export function importsOf(source: string): ImportedModule[] {
  const tokens = tokensOf(source)
  return tokens.flatMap((token, i) => {
    if (tokens[i - 1]?.kind === SyntaxKind.DotToken) return []
    if (token.kind === SyntaxKind.ImportKeyword) return importAt(tokens, i + 1)
    if (token.kind === SyntaxKind.ExportKeyword) return exportAt(tokens, i + 1)
    return []
  })
}

function importAt(tokens: readonly Token[], at: number): ImportedModule[] {
  const [first, second] = [tokens[at], tokens[at + 1]]
  if (first?.kind === SyntaxKind.StringLiteral) return [{ specifier: first.value, isTypeOnly: false }]
  if (first?.kind === SyntaxKind.DotToken) return []
  if (first?.kind === SyntaxKind.OpenParenToken) {
    return second?.kind === SyntaxKind.StringLiteral ? [{ specifier: second.value, isTypeOnly: false }] : []
  }
  return fromClause(tokens, at)
}

function exportAt(tokens: readonly Token[], at: number): ImportedModule[] {
  const list = tokens[at]?.kind === SyntaxKind.TypeKeyword ? tokens[at + 1] : tokens[at]
  const isList = list?.kind === SyntaxKind.OpenBraceToken || list?.kind === SyntaxKind.AsteriskToken
  return isList ? fromClause(tokens, at) : []
}

/** `[type] … from 'specifier'`; nothing where the list of an export ends without one. */
function fromClause(tokens: readonly Token[], at: number): ImportedModule[] {
  const isTypeOnly = tokens[at]?.kind === SyntaxKind.TypeKeyword && tokens[at + 1]?.kind !== SyntaxKind.FromKeyword
  for (let i = at; i < tokens.length; i++) {
    const next = tokens[i + 1]
    if (tokens[i]!.kind === SyntaxKind.FromKeyword && next?.kind === SyntaxKind.StringLiteral) {
      return [{ specifier: next.value, isTypeOnly }]
    }
    if (tokens[i]!.kind === SyntaxKind.CloseBraceToken && next?.kind !== SyntaxKind.FromKeyword) return []
  }
  return []
}

function tokensOf(source: string): Token[] {
  const scanner = createScanner(true)
  scanner.setText(source)
  const tokens: Token[] = []
  const braces: ('block' | 'template')[] = []
  let previous: SyntaxKind | undefined
  for (let kind = scanner.scan(); kind !== SyntaxKind.EndOfFile; kind = scanner.scan()) {
    if (kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken) {
      if (previous === undefined || !ENDS_EXPRESSION.has(previous)) kind = scanner.reScanSlashToken()
    } else if (kind === SyntaxKind.OpenBraceToken) {
      braces.push('block')
    } else if (kind === SyntaxKind.TemplateHead) {
      braces.push('template')
    } else if (kind === SyntaxKind.CloseBraceToken && braces.pop() === 'template') {
      kind = scanner.reScanTemplateToken(false)
      if (kind === SyntaxKind.TemplateMiddle) braces.push('template')
    }
    tokens.push({ kind, value: scanner.getTokenValue() })
    previous = kind
  }
  return tokens
}
