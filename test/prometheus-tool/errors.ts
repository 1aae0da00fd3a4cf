/** Something a person can mend; its message is all there is to show. */
export class PrometheusToolError extends Error {
  override readonly name = 'PrometheusToolError'
}
