/** Something a person can mend; its message is all there is to show. */
export class JaegerToolError extends Error {
  override readonly name = 'JaegerToolError'
  /** There is no Go to build it with. */
  readonly isGoMissing: boolean

  constructor(message: string, isGoMissing = false) {
    super(message)
    this.isGoMissing = isGoMissing
  }
}
