/** Something a person can mend; its message is all there is to show. */
export class JaegerToolError extends Error {
  override readonly name = 'JaegerToolError'
}
