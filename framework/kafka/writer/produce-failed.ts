import { ConnectError } from '../../api/index.ts'

/** Whatever was thrown, as an error of producing. */
export const asConnectError = (cause: unknown): ConnectError =>
  cause instanceof ConnectError
    ? cause
    : new ConnectError('PRODUCE_FAILED', `producing failed: ${(cause as Error).message}`, {
        kind: 'fatal',
        stage: 'produce',
        cause,
      })
