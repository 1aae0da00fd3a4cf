import { HIDDEN, isSecretName } from '../telemetry/secrets.ts'

/** The value as it may be printed; variables such as `${file:…}` stay legible. */
export function masked(key: string, value: string): string {
  return isSecretName(key) && !/^\$\{[^}]*\}$/.test(value) && value !== '' ? HIDDEN : value
}

export function maskedProperties(properties: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, masked(key, value)]))
}
