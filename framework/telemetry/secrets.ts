const SECRET_NAME =
  /password|passphrase|secret|credential|jaas[._]?config|private[._]?key|keystore[._](key$|certificate[._]chain$)|token$/i
const SECRET_IN_TEXT = /\b(password|passphrase|secret)(["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s;,}]+)/gi
export const HIDDEN = '[hidden]'

/** Whether a field or configuration key of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name)
}

/** The text with the values of `password=…` and the like replaced. */
export function maskSecrets(text: string): string {
  return text.replace(SECRET_IN_TEXT, `$1$2${HIDDEN}`)
}
