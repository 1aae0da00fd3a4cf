/** Something the person at the keyboard can mend; `message` is one line that says what to do. */
export class KafkaToolError extends Error {
  override readonly name = 'KafkaToolError'
}
