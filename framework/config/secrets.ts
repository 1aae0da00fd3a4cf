export const MASK = '[hidden]'

const SECRET =
  /password|secret|passphrase|sasl\.jaas\.config$|ssl\.keystore\.key$|ssl\.keystore\.certificate\.chain$|credential|token$/i

/** Whether the value of a key, with any prefix, must not be printed. */
export function isSecret(key: string): boolean {
  return SECRET.test(key)
}

/** The value as it may be printed; variables such as `${file:…}` stay legible. */
export function masked(key: string, value: string): string {
  return isSecret(key) && !/^\$\{[^}]*\}$/.test(value) && value !== '' ? MASK : value
}

export function maskedProperties(properties: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, masked(key, value)]))
}
