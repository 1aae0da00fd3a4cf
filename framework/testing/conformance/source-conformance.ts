import type { SourceTask } from '../../api/index.ts'
import { type ConfigOf, type ConformanceTest, conformanceTest, type Properties, type Rule } from './conformance-test.ts'
import { endsLongPolls, oneBatch, records, respectsLimits, subscribesOnce, throttles } from './source-demands.ts'
import { failedStart, leavesNothing, stopsAtOnce, stopsBusy, stopsIdle } from './source-life.ts'
import { goesOn, plainOffsets, survivesKill, takesCallbacks, waitsForAcks } from './source-offsets.ts'
import { sourceRules } from './source-rules.ts'
import { SourceScene } from './source-scene.ts'

export interface SourceConformanceOptions {
  /** A new, unstarted task; several for each test. */
  readonly create: () => SourceTask
  /** With which `start` succeeds. A function is asked once per test, so that each has a source of its own: recommended where tasks write to it. */
  readonly config?: ConfigOf
  /**
   * Adds so many records to the source that the configuration names, no two of them alike. Absent = the source has records without end, no two of
   * them alike; tests of a source that waits for records are weaker then.
   */
  readonly produce?: (count: number, config: Properties) => void | Promise<void>
  /** After each test: closes what `config` opened. */
  readonly dispose?: (config: Properties) => void | Promise<void>
  /** A configuration that `start` must refuse. */
  readonly badConfig?: Properties
  /** False = its offsets say nothing, each run begins as the first did; true by default. */
  readonly resumes?: boolean
  /** What counts as prompt; 1 s by default. */
  readonly promptMs?: number
  /** Until what is at the source must have come; 5 s by default. */
  readonly timeoutMs?: number
}

/**
 * Whether a source keeps its contract, one test per rule, without Kafka.
 *
 * @example
 * for (const { name, run } of sourceConformance({ create: () => new MyTask(), config: { topic: 'my' } })) test(name, run)
 */
export function sourceConformance(options: SourceConformanceOptions): readonly ConformanceTest[] {
  const played = (rule: Rule, check: (scene: SourceScene) => Promise<void>): ConformanceTest =>
    conformanceTest(rule, () => SourceScene.play(options, check))
  const resuming = [
    played(sourceRules.goesOn, goesOn),
    played(sourceRules.survivesKill, survivesKill),
    played(sourceRules.waitsForAcks, waitsForAcks),
  ]
  return [
    played(sourceRules.stopsIdle, stopsIdle),
    played(sourceRules.stopsBusy, stopsBusy),
    played(sourceRules.stopsAtOnce, stopsAtOnce),
    played(sourceRules.failedStart, failedStart),
    conformanceTest(sourceRules.leavesNothing, () => leavesNothing(options)),
    played(sourceRules.subscribesOnce, subscribesOnce),
    played(sourceRules.oneBatch, oneBatch),
    played(sourceRules.endsLongPolls, endsLongPolls),
    played(sourceRules.respectsLimits, respectsLimits),
    played(sourceRules.records, records),
    played(sourceRules.plainOffsets, plainOffsets),
    ...(options.resumes === false ? [] : resuming),
    played(sourceRules.throttles, throttles),
    played(sourceRules.takesCallbacks, takesCallbacks),
  ]
}
