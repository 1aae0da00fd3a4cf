import type { SchemaAndValue } from '../../api/converter.ts'
import { Decimal, schema as schemas } from '../../api/data.ts'
import { shortestFloat } from '../number-text.ts'

/** Begins with a digit or a sign. */
const NUMBER = /^(\d+\.?\d*|[+-](\d+\.?\d*|\.\d+))(e[+-]?\d{1,4})?$/i

/** A number as the smallest type that keeps all of it: int8 to int64, float32, float64, Decimal; undefined when it is none. */
export function parseNumber(text: string): SchemaAndValue | undefined {
  if (!NUMBER.test(text)) return undefined
  const decimal = Decimal.parse(text)
  const whole = decimal.unscaled === 0n ? 0n : wholeOf(decimal)
  if (whole !== undefined) {
    for (const bits of [8, 16, 32, 64] as const) {
      if (BigInt.asIntN(bits, whole) !== whole) continue
      const number = Number(whole)
      return { schema: schemas[`int${bits}`](), value: Number.isSafeInteger(number) ? number : whole }
    }
  }
  if (decimal.scale !== 0) {
    const value = Number(text)
    if (Number.isFinite(Math.fround(value)) && isSame(shortestFloat(value), decimal)) return { schema: schemas.float32(), value }
    if (Number.isFinite(value) && isSame(value, decimal)) return { schema: schemas.float64(), value }
  }
  return { schema: schemas.decimal(decimal.scale), value: decimal }
}

function wholeOf({ unscaled, scale }: Decimal): bigint | undefined {
  if (scale <= 0) return -scale > 20 ? undefined : unscaled * 10n ** BigInt(-scale)
  const divisor = 10n ** BigInt(scale)
  return unscaled % divisor === 0n ? unscaled / divisor : undefined
}

/** The number prints with the decimal's own digits. */
function isSame(value: number, decimal: Decimal): boolean {
  const printed = Decimal.parse(String(value))
  const scale = Math.max(printed.scale, decimal.scale)
  return printed.withScale(scale).unscaled === decimal.withScale(scale).unscaled
}
