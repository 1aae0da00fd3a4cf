import type { Logger, Observed } from '../api/index.ts'
import { jsonAnswer, type Route } from './route.ts'
import { StatusRecorder } from './status-recorder.ts'
import { StatusStream } from './status-stream.ts'

export interface StatusRoutes {
  readonly routes: readonly Route[]
  /** Ends streams and stops keeping the history; before the server is closed. */
  close(): void
}

/** `/status`, `/status/stream` and `/status/history`. The history is kept from now on. */
export function statusRoutes({ status }: Pick<Observed, 'status'>, logger: Logger): StatusRoutes {
  const stream = new StatusStream({ status, logger })
  const recorder = new StatusRecorder({ status, logger })
  recorder.start()
  return {
    routes: [
      { method: 'GET', path: '/status', handle: () => jsonAnswer(status()) },
      { method: 'GET', path: '/status/stream', handle: () => stream.answer() },
      { method: 'GET', path: '/status/history', handle: () => jsonAnswer(recorder.history()) },
    ],
    close() {
      stream.close()
      recorder.close()
    },
  }
}
