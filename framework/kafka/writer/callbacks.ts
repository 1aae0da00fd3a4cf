import type { ConnectError } from '../../api/index.ts'

/** What becomes of appended parts. Called synchronously from the network's callbacks; must not throw. */
export interface AppendCallbacks {
  acked(token: unknown, topic: string, partition: number, baseOffset: number, count: number): void
  /** The part can never be written, nor anything after it on this target partition. */
  refused(token: unknown, error: ConnectError): void
  laneState(topic: string, partition: number, state: 'retrying' | 'flowing', cause?: ConnectError): void
}
