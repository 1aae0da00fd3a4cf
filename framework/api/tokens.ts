import type { Meter, Tracer } from '@opentelemetry/api'
import type { Clock } from './clock.ts'
import type { Token } from './injection.ts'
import type { SourceOffset, SourcePartition } from './records.ts'
import type { Logger } from './task-context.ts'

/** Stored source offset of each partition asked for, in their order; null = none stored. Reads to the end of the store first. */
export type OffsetReader = (partitions: readonly SourcePartition[]) => Promise<readonly (SourceOffset | null)[]>

// What a class that a configuration names may have injected: name the tokens in its static list `inject`.

/** The connector's logger. */
export const LOGGER = Symbol('Logger') as Token<Logger>
/** Properties of the connector, variables resolved. */
export const CONFIG = Symbol('Config') as Token<Readonly<Record<string, string>>>
/** For sources. */
export const OFFSETS = Symbol('Offsets') as Token<OffsetReader>
export const METER = Symbol('Meter') as Token<Meter>
export const TRACER = Symbol('Tracer') as Token<Tracer>
/** Real time, or a test's. */
export const CLOCK = Symbol('Clock') as Token<Clock>
