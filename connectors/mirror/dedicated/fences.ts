import { ConnectError, type EncodedRecords } from '../../../framework/api/index.ts'
import type { PartCallbacks, PartWriter } from '../../../framework/runtime/index.ts'
import type { OffsetEntry, OffsetStore } from '../../../framework/storage/offset-store.ts'

type IsActive = () => boolean

/** Stores nothing once another process may have taken the flow over: what it stores must stand. */
export function fencedOffsets(store: OffsetStore, isActive: IsActive): OffsetStore {
  return {
    load: partitions => store.load(partitions),
    async save(entries: readonly OffsetEntry[], signal: AbortSignal) {
      if (!isActive()) throw notActive('offsets are not stored', 'offset-commit')
      await store.save(entries, signal)
    },
  }
}

/** Refuses parts once another process may have taken the flow over: it reads them itself. */
export function fencedWriter(writer: PartWriter, isActive: IsActive): PartWriter {
  return {
    append(part: EncodedRecords, callbacks: PartCallbacks, token: unknown) {
      if (isActive()) writer.append(part, callbacks, token)
      else queueMicrotask(() => callbacks.refused(token, notActive('records are not written', 'produce')))
    },
    flush: signal => writer.flush(signal),
    close: () => writer.close(),
  }
}

function notActive(what: string, stage: 'offset-commit' | 'produce'): ConnectError {
  const message = `this process is no longer the active one of its group: ${what}, the one that takes over goes on from the last stored offsets`
  return new ConnectError('NOT_ACTIVE', message, { kind: 'fatal', stage })
}
