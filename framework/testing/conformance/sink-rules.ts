import type { Rule } from './conformance-test.ts'

/** What `SinkTask` promises. */
export const sinkRules = {
  stopsIdle: {
    name: 'a stop is prompt when there is nothing to do',
    contract: 'the batches complete = finish, then complete the stream of acknowledgements; then stop() releases everything.',
    remedy: 'complete deliver() when its argument completes and nothing is under way; eachBatch does so.',
  },
  stopsBusy: {
    name: 'a stop is prompt while batches are queued in the task',
    contract:
      'when the signal of a batch is aborted, one that was not begun is not begun any more, but answered with { batch, nextOffset: batch.firstOffset }.',
    remedy: 'look at batch.signal before each batch, and pass it to what waits; write what is held back in flush().',
  },
  stopsAtOnce: {
    name: 'unsubscription stops the task at once',
    contract: 'unsubscription from deliver() = stop now.',
    remedy: 'return the teardown of every subscription; a pipe of operators over the argument does so by itself.',
  },
  failedStart: {
    name: 'stop() works after start() has failed',
    contract: 'start() rejects where the task cannot run; stop() is called also then, and releases what start() had opened.',
    remedy: 'let errors of start() out, and let stop() close only what is there: this.client?.close().',
  },
  leavesNothing: {
    name: 'nothing is left running',
    contract: 'stop() releases everything: timers, sockets, watchers, child processes.',
    remedy: 'close in stop() what start() or deliver() opened; clear timers; destroy sockets that are kept alive.',
  },
  quietAfterStop: {
    name: 'nothing is written or acknowledged after a stop',
    contract: 'stop() is the last call; what is written after it may already have been delivered to another member of the group.',
    remedy: 'await every write before its batch is acknowledged, and all of them before deliver() completes.',
  },
  acksOnce: {
    name: 'each batch is acknowledged exactly once',
    contract:
      'the result of deliver() emits what became of each batch: the object that was given, once as a whole, after any part of it.',
    remedy: 'emit { batch } once for each batch, also for one of which nothing had to be written.',
  },
  manyPartitions: {
    name: 'partitions do not depend on each other',
    contract:
      'batches come in order per partition, those of several partitions mixed; any partition may be taken away while the others go on.',
    remedy: 'keep what belongs to a partition by topic and partition, and do not wait for all of them.',
  },
  ackedIsWritten: {
    name: 'what is acknowledged has been written',
    contract: 'what is acknowledged may be committed, and is never delivered again then.',
    remedy: 'acknowledge a batch only when the target has confirmed it; await the write.',
  },
  redelivery: {
    name: 'records that are delivered again after a kill do no harm',
    contract: 'records are delivered at least once: what was not committed when a process dies is delivered again.',
    remedy: 'write under a key of topic, partition and offset, or replace (upsert), where a record must be there once.',
  },
  retries: {
    name: 'a failure in passing is tried again, and nothing is lost by it',
    contract: 'a retriable ConnectError has the batch delivered again; any other error fails the partition or the task.',
    remedy: 'throw a ConnectError of the kind retriable where it may work later, and acknowledge nothing that was not written.',
  },
  goesOn: {
    name: 'a further task goes on where the one before it has ended',
    contract: 'what was acknowledged and committed is not delivered again: it must be there.',
    remedy: 'write all that is acknowledged before stop() resolves, and append to what is there in start().',
  },
  revoke: {
    name: 'a partition that is taken away is finished first, and loses nothing',
    contract:
      'batches that were begun are finished and acknowledged; then the partition is committed and closed. A rebalance waits for it.',
    remedy: 'answer every batch soon, also by saying that it is not written; write what is held back in flush().',
  },
  lost: {
    name: 'a partition that is lost leaves the others alone, and its records come again',
    contract: 'close(partitions, "lost"): they are another member’s already; late acknowledgements are ignored.',
    remedy: 'forget in close() what was held for the partitions, and neither throw nor wait there.',
  },
  comesBack: {
    name: 'a partition may go and come back',
    contract: 'open() and close() are called in pairs; a partition that comes back begins at its committed offset.',
    remedy: 'make in open() or with the first batch what close() has thrown away.',
  },
  flush: {
    name: 'flush writes what is held back',
    contract: 'a batch is acknowledged by itself, or after flush(): nothing is held for ever.',
    remedy: 'write and acknowledge in flush() what was delivered of its partitions, or do not hold back at all.',
  },
  emptyValues: {
    name: 'tombstones, missing keys and empty values are taken',
    contract: 'key and value of a record may be null, and may be empty.',
    remedy: 'take null as deletion or as nothing, but take it.',
  },
} as const satisfies Readonly<Record<string, Rule>>
