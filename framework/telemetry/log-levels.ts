import type { LogLevel } from '../api/log-level.ts'
import { LOG_COMPONENTS, type LogComponent } from './log-components.ts'

/** Loggers compare these before they do anything else. */
export const SEVERITY: Readonly<Record<LogLevel, number>> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, silent: 100 }

/** Of connectors, which come and go: those beyond have what `connector` has. */
const MAX_COMPONENTS = 2_000

/** Held by every logger of a component: what is set later counts for those already handed out. */
export interface ComponentLevel {
  readonly component: LogComponent
  /** The least that is logged. */
  readonly severity: number
}

export interface OwnLevel {
  readonly level: LogLevel
  /** Milliseconds since the epoch at which it was set while the process ran; null = it began with it. */
  readonly modifiedMs: number | null
}

interface Entry extends ComponentLevel {
  severity: number
  own: OwnLevel | undefined
}

/** Levels by component: its own one, or that of the nearest component above it. */
export class LogLevels {
  readonly #entries = new Map<LogComponent, Entry>()

  constructor(root: LogLevel = 'info') {
    this.#entries.set('root', { component: 'root', severity: SEVERITY[root], own: { level: root, modifiedMs: null } })
    for (const component of Object.keys(LOG_COMPONENTS) as LogComponent[]) this.entry(component)
  }

  /** Live. */
  entry(component: LogComponent): ComponentLevel {
    const known = this.#entries.get(component)
    if (known !== undefined) return known
    const above = this.entry(parentOf(component))
    if (this.#entries.size >= MAX_COMPONENTS) return above
    const entry: Entry = { component, severity: above.severity, own: undefined }
    this.#entries.set(component, entry)
    return entry
  }

  /** What counts for a component, whoever set it. */
  level(component: LogComponent): OwnLevel {
    const own = this.#entries.get(component)?.own
    return own ?? this.level(parentOf(component))
  }

  /** Those that have a level of their own, by name. */
  own(): ReadonlyMap<LogComponent, OwnLevel> {
    const entries = [...this.#entries.values()].flatMap(({ component, own }) => (own ? [[component, own] as const] : []))
    return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** All that there are, in order. */
  get components(): readonly LogComponent[] {
    return [...this.#entries.keys()].sort()
  }

  /** The level of a component and of all below that have none of their own. */
  begin(levels: Iterable<readonly [LogComponent, LogLevel]>): void {
    for (const [component, level] of levels) this.#set(component, { level, modifiedMs: null })
    this.#settle()
  }

  /**
   * As Kafka Connect has it: a component and all that are below it at present get this level as their own; `root` alone does not touch those that
   * have one. Returns which, in order.
   */
  change(component: LogComponent, level: LogLevel, nowMs = Date.now()): readonly LogComponent[] {
    this.entry(component)
    const changed = this.components.filter(name => name === component || isBelow(name, component))
    for (const name of changed) this.#set(name, { level, modifiedMs: nowMs })
    this.#settle()
    return changed
  }

  #set(component: LogComponent, own: OwnLevel): void {
    this.entry(component)
    const entry = this.#entries.get(component)
    if (entry !== undefined) entry.own = own
  }

  #settle(): void {
    for (const entry of this.#entries.values()) entry.severity = SEVERITY[this.level(entry.component).level]
  }
}

/** Connectors named `a` and `a.b` have nothing to do with each other. */
function isBelow(name: LogComponent, component: LogComponent): boolean {
  return name.startsWith(`${component}.`) && !component.startsWith('connector.')
}

/** The nearest name above that may be there. */
function parentOf(component: LogComponent): LogComponent {
  if (component.startsWith('connector.')) return 'connector'
  const dot = component.lastIndexOf('.')
  return dot < 0 ? 'root' : (component.slice(0, dot) as LogComponent)
}
