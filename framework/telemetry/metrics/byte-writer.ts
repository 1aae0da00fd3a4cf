const ZERO = 48
const MINUS = 45
/** Whole numbers up to here are written without a string in between. */
const EXACT = 1e15
const DIGITS = 16

/** Bytes that grow at their end. */
export class ByteWriter {
  #bytes: Buffer
  #length = 0
  readonly #digits = new Uint8Array(DIGITS)

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity)
  }

  get length(): number {
    return this.#length
  }

  /** Of what was written; it is not to be written on afterwards. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  byte(code: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1)
    this.#bytes[this.#length++] = code
  }

  add(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  text(text: string): void {
    const atMost = text.length * 3
    if (this.#length + atMost > this.#bytes.length) this.#grow(atMost)
    this.#length += this.#bytes.write(text, this.#length, 'utf8')
  }

  /** As `String` writes it, but for what is no finite number: the notation of Prometheus. */
  number(value: number): void {
    if (Number.isInteger(value) && value > -EXACT && value < EXACT) this.#integer(value)
    else this.#ascii(textOf(value))
  }

  #integer(value: number): void {
    if (this.#length + DIGITS + 1 > this.#bytes.length) this.#grow(DIGITS + 1)
    let rest = value
    if (value < 0) {
      this.#bytes[this.#length++] = MINUS
      rest = -value
    }
    const digits = this.#digits
    let at = DIGITS
    do {
      const next = Math.floor(rest / 10)
      digits[--at] = ZERO + rest - next * 10
      rest = next
    } while (rest > 0)
    while (at < DIGITS) this.#bytes[this.#length++] = digits[at++]!
  }

  #ascii(text: string): void {
    if (this.#length + text.length > this.#bytes.length) this.#grow(text.length)
    for (let i = 0; i < text.length; i++) this.#bytes[this.#length++] = text.charCodeAt(i)
  }

  #grow(by: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + by))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}

function textOf(value: number): string {
  if (Number.isFinite(value)) return String(value)
  if (Number.isNaN(value)) return 'NaN'
  return value > 0 ? '+Inf' : '-Inf'
}
