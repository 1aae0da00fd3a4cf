import { HIDDEN, isSecretName } from '../telemetry/secrets.ts'

/** The value as it may be printed; variables such as `${file:…}` stay legible. */
export function masked(key: string, value: string): string {
  return isSecretName(key) && !/^\$\{[^}]*\}$/.test(value) && value !== '' ? HIDDEN : value
}
