import { ConnectError, type ErrorStage } from '../../api/connect-error.ts'

/** What to do about the answers of a registry that will not change by asking again, by status or by the registry's own code. */
const REMEDIES: Readonly<Record<number, string>> = {
  401: 'set basic.auth.credentials.source = USER_INFO and basic.auth.user.info, or bearer.auth.token',
  403: 'the user of basic.auth.user.info or bearer.auth.token must be allowed to do this',
  409: 'it is incompatible with an earlier version: change the schema compatibly, or the compatibility of the subject',
  422: 'the registry does not take this schema',
  40401:
    'nothing is registered under that subject: register a schema, set auto.register.schemas = true, or check key/value.subject.name.strategy',
  40402: 'the subject has no such version',
  40403:
    'it is not registered: register it, or set auto.register.schemas = true; when reading, check that this is the registry of whoever wrote the record',
}

export function refused(message: string, stage: ErrorStage): ConnectError {
  return new ConnectError('REGISTRY_REFUSED', message, { kind: 'fatal', stage })
}

export function unavailable(where: string, cause: unknown, stage: ErrorStage): ConnectError {
  const message = `the schema registry ${where} cannot be reached: ${reasonOf(cause)}`
  return new ConnectError('REGISTRY_UNAVAILABLE', message, { kind: 'retriable', stage, cause })
}

/** Overload and faults of the registry pass; other refusals stay. */
export function refusedBy(method: string, url: string, status: number, text: string, stage: ErrorStage): ConnectError {
  const answer = `the schema registry answered ${status} to ${method} ${url}: ${text.slice(0, 300)}`
  if (status >= 500 || status === 429 || status === 408)
    return new ConnectError('REGISTRY_UNAVAILABLE', answer, { kind: 'retriable', stage })
  const remedy = REMEDIES[ownCode(text)] ?? REMEDIES[status]
  return refused(remedy === undefined ? answer : `${answer}. ${remedy}`, stage)
}

function ownCode(text: string): number {
  const [, code = '0'] = /"error_code"\s*:\s*(\d+)/.exec(text) ?? []
  return Number(code)
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code ?? error.name) : String(error)
}
