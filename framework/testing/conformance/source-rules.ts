import type { Rule } from './conformance-test.ts'

/** What `SourceTask` promises, in the order in which its contract tells it. */
export const sourceRules = {
  stopsIdle: {
    name: 'a stop is prompt before anything was demanded',
    contract: 'demand$ completes = finish what was asked, then complete the stream; then stop() releases everything.',
    remedy:
      'complete batches() when demand$ completes and nothing is under way, and let stop() wait for nothing but what it closes.',
  },
  stopsBusy: {
    name: 'a stop is prompt while demands are outstanding and the source has nothing',
    contract: 'the signal of a demand is aborted when the task stops: end a long poll at once.',
    remedy:
      'pass demand.signal to whatever waits (fetch, timers, clients), and answer the demand when it aborts, with an empty batch.',
  },
  stopsAtOnce: {
    name: 'unsubscription stops the task at once',
    contract: 'unsubscription from batches() = stop now.',
    remedy: 'return the teardown of every subscription and end loops in it; a pipe of operators over demand$ does so by itself.',
  },
  failedStart: {
    name: 'stop() works after start() has failed',
    contract: 'start() rejects where the task cannot run, and stop() is called also then, and releases what start() had opened.',
    remedy: 'let errors of start() out, and let stop() close only what is there: this.client?.close().',
  },
  leavesNothing: {
    name: 'nothing is left running',
    contract: 'stop() releases everything: timers, sockets, watchers, child processes.',
    remedy: 'close in stop() what start() or batches() opened; clear timers; destroy sockets that are kept alive.',
  },
  oneBatch: {
    name: 'each demand is answered by exactly one batch',
    contract:
      'for each demand the task emits exactly one batch, possibly empty; demands may be outstanding at the same time; none without a demand.',
    remedy: 'make one batch of all that a demand found, and an empty one of nothing: concatMap, mergeMap, or pollWith.',
  },
  subscribesOnce: {
    name: 'demand$ is subscribed to once',
    contract: 'demand$ can be subscribed to once: a second subscription is an error.',
    remedy: 'share() demand$ where it is needed twice.',
  },
  endsLongPolls: {
    name: 'a pause ends long polls, and the task goes on afterwards',
    contract: 'when the signal of a demand is aborted, the demand is answered at once; later demands have signals of their own.',
    remedy: 'answer with what there is, or nothing, when demand.signal aborts; do not keep the signal of an earlier demand.',
  },
  respectsLimits: {
    name: 'a batch has no more records than its demand asks for',
    contract: 'deliver at most maxRecords decoded records to one demand; the rest waits for the next one.',
    remedy: 'limit what is read by demand.maxRecords, or keep the rest for the next demand.',
  },
  records: {
    name: 'records are of the kind that the contract says',
    contract:
      'the records of a part are all bytes (SourceRecord), all values (connectRecord) or one encoded batch; each has a topic.',
    remedy: 'use connectRecord for values, and Buffers for bytes; headers are a list, a timestamp is a number, -1 for none.',
  },
  plainOffsets: {
    name: 'source partitions and offsets are plain values that JSON keeps',
    contract:
      'they hold primitive values only, are stored as JSON, and are the task’s last word: they must not change after they were emitted.',
    remedy: 'use strings, safe integers, booleans and null (a bigint or Date as text), and make a new object for each part.',
  },
  goesOn: {
    name: 'a restart goes on behind what was committed, without loss or repeat',
    contract: 'sourceOffset is the place of the last record of its part; the next run goes on behind it.',
    remedy:
      'ask context.offsets in start(), begin right behind what it returns, and give each part the offset of its own last record.',
  },
  survivesKill: {
    name: 'after a kill, what was not committed comes again and what was committed does not',
    contract: 'sourceOffset is stored once the part and all before it are acknowledged; nothing else decides where a run begins.',
    remedy: 'do not let an offset run ahead of the records of its part, and do not keep the place anywhere but in offsets.',
  },
  waitsForAcks: {
    name: 'what was not acknowledged comes again, even after a clean stop',
    contract: 'records count once they are acknowledged, not once they are emitted; acknowledgements come in any order.',
    remedy: 'remove from the source, or confirm to it, only in acknowledged() or commit(), and only what was acknowledged.',
  },
  throttles: {
    name: 'a source partition that is throttled is not read until it is resumed',
    contract: 'throttle(partition, "paused"): read no more of it until "resumed", so that it does not fill the window.',
    remedy: 'answer demands with what other partitions have, or nothing, while it is paused; or leave throttle out.',
  },
  takesCallbacks: {
    name: 'acknowledged, refused and throttle do not throw',
    contract: 'they are called between the first batch and stop, synchronously, and must not throw.',
    remedy: 'only note there what has to be done, and do it with the next demand, or in commit().',
  },
} as const satisfies Readonly<Record<string, Rule>>
