import type { SinkTask } from '../../api/index.ts'
import type { HarnessRecord, SinkHarnessOptions } from '../sink-harness.ts'
import { type ConfigOf, type ConformanceTest, conformanceTest, type Properties, type Rule } from './conformance-test.ts'
import {
  ackedIsWritten,
  acksOnce,
  comesBack,
  emptyValues,
  flush,
  goesOn,
  lost,
  manyPartitions,
  redelivery,
  retries,
  revoke,
} from './sink-deliveries.ts'
import { failedStart, leavesNothing, quietAfterStop, stopsAtOnce, stopsBusy, stopsIdle } from './sink-life.ts'
import { sinkRules } from './sink-rules.ts'
import { SinkScene } from './sink-scene.ts'

export interface SinkConformanceOptions {
  /** A new, unstarted task; several for each test. */
  readonly create: () => SinkTask
  /** With which `start` succeeds. A function is asked once per test, so that each has a target of its own: recommended. */
  readonly config?: ConfigOf
  /** The values in the target, as text, as they were delivered. Without it nothing is known of what arrived, and the tests are far weaker. */
  readonly read?: (config: Properties) => Promise<readonly string[]> | readonly string[]
  /** The record with this number, no two values alike; by default key and value are short texts. */
  readonly record?: (number: number) => HarnessRecord
  /** Of the records; `conformance` by default. */
  readonly topic?: string
  /** A record that is delivered twice is in the target once. */
  readonly idempotent?: boolean
  /** Takes null and empty keys and values. */
  readonly emptyValues?: boolean
  /** Makes the next write to the target fail in passing: then a retry is tested. */
  readonly interrupt?: (config: Properties) => void | Promise<void>
  /** After each test: closes what `config` opened. */
  readonly dispose?: (config: Properties) => void | Promise<void>
  /** A configuration that `start` must refuse. */
  readonly badConfig?: Properties
  /** For the harness, beside `config` and `offsets`. Values are read as text, those of `record` as JSON, unless `config` or `format` here says otherwise. */
  readonly harness?: Omit<SinkHarnessOptions, 'config' | 'offsets'>
  /** What counts as prompt; 1 s by default. */
  readonly promptMs?: number
  /** Until what was delivered must be acknowledged; 5 s by default. */
  readonly timeoutMs?: number
}

/**
 * Whether a sink keeps its contract, one test per rule, without Kafka.
 *
 * @example
 * const options = { create: () => new MySink(), config: () => ({ file: newFile() }), read: ({ file }) => linesOf(file) }
 * for (const { name, run } of sinkConformance(options)) test(name, run)
 */
export function sinkConformance(options: SinkConformanceOptions): readonly ConformanceTest[] {
  const played = (rule: Rule, check: (scene: SinkScene) => Promise<void>): ConformanceTest =>
    conformanceTest(rule, () => SinkScene.play(options, check))
  const { badConfig, interrupt } = options
  return [
    played(sinkRules.stopsIdle, stopsIdle),
    played(sinkRules.stopsBusy, stopsBusy),
    played(sinkRules.stopsAtOnce, stopsAtOnce),
    ...(badConfig ? [played(sinkRules.failedStart, scene => failedStart(scene, badConfig))] : []),
    conformanceTest(sinkRules.leavesNothing, () => leavesNothing(options)),
    played(sinkRules.quietAfterStop, quietAfterStop),
    played(sinkRules.acksOnce, acksOnce),
    played(sinkRules.manyPartitions, manyPartitions),
    played(sinkRules.ackedIsWritten, ackedIsWritten),
    played(sinkRules.redelivery, redelivery),
    ...(interrupt ? [played(sinkRules.retries, retries)] : []),
    played(sinkRules.goesOn, goesOn),
    played(sinkRules.revoke, revoke),
    played(sinkRules.lost, lost),
    played(sinkRules.comesBack, comesBack),
    played(sinkRules.flush, flush),
    ...(options.emptyValues ? [played(sinkRules.emptyValues, emptyValues)] : []),
  ]
}
