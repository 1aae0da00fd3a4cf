import type { ConnectError } from '../../api/index.ts'

/** What becomes of appended parts. Called synchronously from the network's callbacks; must not throw. */
export interface AppendCallbacks {
  acked(token: unknown, topic: string, partition: number, baseOffset: number, count: number): void
  /** The part can never be written, nor anything after it on this target partition. */
  refused(token: unknown, error: ConnectError): void
  /** Whether a record of this part that the target will never take may be left out, so that what comes after it is written. Absent = none may. */
  mayLeaveOut?(token: unknown): boolean
  /** One was: it counts neither for `acked` nor as refused. */
  leftOut?(token: unknown, topic: string, partition: number, error: ConnectError): void
  laneState(topic: string, partition: number, state: 'retrying' | 'flowing', cause?: ConnectError): void
}
