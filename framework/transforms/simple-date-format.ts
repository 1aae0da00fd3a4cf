/** A pattern that cannot be used. */
export class DatePatternError extends Error {
  override readonly name = 'DatePatternError'
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** The parts of a moment as they are read; what is missing is that of 1970-01-01 00:00. */
interface Parts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  ms: number
  pm?: boolean
  offsetMinutes: number
}

/** A run of one letter, or text: how it prints, which text it matches, and what is read from it. */
interface Piece {
  print(date: Date): string
  readonly source: string
  read?(text: string, parts: Parts): void
}

/** Patterns of Java's `SimpleDateFormat`, in UTC and English: letters `y M d H h k K m s S a E X Z z` and quoted text. */
export class SimpleDateFormat {
  readonly #pieces: readonly Piece[]
  readonly #regexp: RegExp

  /** @throws DatePatternError for a letter or a quote that means nothing */
  constructor(pattern: string) {
    const tokens = pattern.match(/''|'(?:[^']|'')+'|([a-zA-Z])\1*|[^a-zA-Z']+|'/g) ?? []
    this.#pieces = tokens.map((token, i) => pieceOf(token, /^[yMdHhkKmsS]/.test(tokens[i + 1] ?? '')))
    this.#regexp = new RegExp(`^${this.#pieces.map(piece => `(${piece.source})`).join('')}`, 'i')
  }

  format(date: Date): string {
    return this.#pieces.map(piece => piece.print(date)).join('')
  }

  /** Undefined when the text does not begin as the pattern says, or the moment does not exist. What follows is ignored, as in Java. */
  parse(text: string): Date | undefined {
    const match = this.#regexp.exec(text)
    if (match === null) return undefined
    const parts: Parts = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, ms: 0, offsetMinutes: 0 }
    for (const [i, piece] of this.#pieces.entries()) piece.read?.(match[i + 1] ?? '', parts)
    return momentOf(parts)
  }
}

function momentOf({ year, month, day, hour, minute, second, ms, pm, offsetMinutes }: Parts): Date | undefined {
  const hour24 = pm === undefined ? hour : (hour % 12) + (pm ? 12 : 0)
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour24, minute, second, ms)
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && minute < 60 && second < 60 && hour24 < 24
  if (!exists || Number.isNaN(date.getTime())) return undefined
  return new Date(date.getTime() - offsetMinutes * 60_000)
}

function pieceOf(token: string, isBeforeNumber: boolean): Piece {
  const letter = token.charAt(0)
  if (letter === "'") {
    if (token === "'") throw new DatePatternError("a quote ' is not closed; write '' for the character")
    return textPiece(token === "''" ? "'" : token.slice(1, -1).replaceAll("''", "'"))
  }
  if (!/[a-zA-Z]/.test(letter)) return textPiece(token)
  const count = token.length
  /** Only as many digits as letters where another number follows at once. */
  const digits = isBeforeNumber ? `\\d{${count}}` : '\\d+'
  const number = (get: (date: Date) => number, read: (value: number, parts: Parts) => void): Piece => ({
    print: date => String(get(date)).padStart(count, '0'),
    source: digits,
    read: (text, parts) => read(Number(text), parts),
  })
  switch (letter) {
    case 'y':
      return yearPiece(count, digits)
    case 'M':
      if (count > 2) return monthPiece(count)
      return number(
        date => date.getUTCMonth() + 1,
        (value, parts) => {
          parts.month = value
        },
      )
    case 'd':
      return number(
        date => date.getUTCDate(),
        (value, parts) => {
          parts.day = value
        },
      )
    case 'H':
      return number(
        date => date.getUTCHours(),
        (value, parts) => {
          parts.hour = value
        },
      )
    case 'k':
      return number(
        date => date.getUTCHours() || 24,
        (value, parts) => {
          parts.hour = value % 24
        },
      )
    case 'h':
      return number(
        date => date.getUTCHours() % 12 || 12,
        (value, parts) => {
          parts.hour = value % 12
        },
      )
    case 'K':
      return number(
        date => date.getUTCHours() % 12,
        (value, parts) => {
          parts.hour = value
        },
      )
    case 'm':
      return number(
        date => date.getUTCMinutes(),
        (value, parts) => {
          parts.minute = value
        },
      )
    case 's':
      return number(
        date => date.getUTCSeconds(),
        (value, parts) => {
          parts.second = value
        },
      )
    case 'S':
      return number(
        date => date.getUTCMilliseconds(),
        (value, parts) => {
          parts.ms = value
        },
      )
    case 'a':
      return {
        print: date => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
        source: 'AM|PM',
        read: (text, parts) => {
          parts.pm = text.toUpperCase() === 'PM'
        },
      }
    case 'E':
      return {
        print: date => shortened(DAYS[date.getUTCDay()]!, count),
        source: DAYS.map(day => `${day}|${day.slice(0, 3)}`).join('|'),
      }
    case 'X':
    case 'Z':
    case 'z':
      return zonePiece(token)
    default:
      throw new DatePatternError(
        `the letter ${letter} cannot be used here; use y M d H h k K m s S a E X Z z, or quote it: '${token}'`,
      )
  }
}

function textPiece(text: string): Piece {
  return { print: () => text, source: text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&') }
}

function yearPiece(count: number, digits: string): Piece {
  return {
    print: date => (count === 2 ? String(date.getUTCFullYear() % 100) : String(date.getUTCFullYear())).padStart(count, '0'),
    source: digits,
    read: (text, parts) => {
      const year = Number(text)
      // Two digits mean the century that puts them less than 80 years back, 20 ahead.
      const pivot = new Date().getUTCFullYear() - 80
      parts.year = count === 2 && text.length === 2 ? pivot + ((((year - pivot) % 100) + 100) % 100) : year
    },
  }
}

function monthPiece(count: number): Piece {
  return {
    print: date => shortened(MONTHS[date.getUTCMonth()]!, count),
    source: MONTHS.map(month => `${month}|${month.slice(0, 3)}`).join('|'),
    read: (text, parts) => {
      parts.month = MONTHS.findIndex(month => month.slice(0, 3).toLowerCase() === text.slice(0, 3).toLowerCase()) + 1
    },
  }
}

function shortened(name: string, count: number): string {
  return count > 3 ? name : name.slice(0, 3)
}

function zonePiece(token: string): Piece {
  const zero = token.startsWith('X') ? 'Z' : token.startsWith('Z') ? '+0000' : 'UTC'
  return {
    print: () => zero,
    source: 'Z|UTC|GMT|[+-]\\d\\d(?::?\\d\\d)?',
    read: (text, parts) => {
      const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(text) ?? []
      parts.offsetMinutes = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
    },
  }
}
