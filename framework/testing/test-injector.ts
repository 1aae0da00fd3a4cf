import type { Meter, Tracer } from '@opentelemetry/api'
import { CLOCK, type Clock, CONFIG, LOGGER, type Logger, METER, OFFSETS, type OffsetReader, TRACER } from '../api/index.ts'
import type { Injector, Token } from '../api/injection.ts'
import { MemoryLogger } from './memory-logger.ts'

/** What a class may have injected; a logger that prints nothing and an empty configuration are there already. */
export interface TestServices {
  readonly clock?: Clock
  readonly logger?: Logger
  readonly config?: Readonly<Record<string, string>>
  readonly offsets?: OffsetReader
  readonly meter?: Meter
  readonly tracer?: Tracer
}

type InjectedClass<T> = (new (...services: never[]) => T) & { readonly inject?: readonly Token<unknown>[] }

/** An injector without a library, for classes that name what they need in their static list `inject`. */
export interface TestInjector extends Injector {
  construct<T>(type: InjectedClass<T>): T
  child(): TestInjector
}

/**
 * @example
 * class Ticks extends SourceTask {
 *   static readonly inject = [CLOCK]
 *   constructor(clock: Clock) { … }
 * }
 * const clock = new FakeClock()
 * const task = testInjector({ clock }).construct(Ticks)
 */
export function testInjector(services: TestServices = {}): TestInjector {
  const { clock, logger = new MemoryLogger(), config = {}, offsets, meter, tracer } = services
  const given: [Token<unknown>, unknown][] = [
    [CLOCK, clock],
    [LOGGER, logger],
    [CONFIG, config],
    [OFFSETS, offsets],
    [METER, meter],
    [TRACER, tracer],
  ]
  const injector = new MapInjector()
  for (const [token, service] of given) if (service !== undefined) injector.provide(token, () => service)
  return injector
}

class MapInjector implements TestInjector {
  readonly #parent: MapInjector | undefined
  readonly #makers = new Map<symbol, (injector: Injector) => unknown>()
  readonly #made = new Map<symbol, unknown>()

  constructor(parent?: MapInjector) {
    this.#parent = parent
  }

  has<T>(token: Token<T>): boolean {
    return this.#makers.has(token) || this.#parent?.has(token) === true
  }

  resolve<T>(token: Token<T>): T {
    if (this.#made.has(token)) return this.#made.get(token) as T
    const make = this.#makers.get(token)
    if (make === undefined) {
      if (this.#parent !== undefined) return this.#parent.resolve(token)
      throw new Error(`Nothing provides ${token.description ?? 'a token without a name'}: give it to testInjector, or to provide`)
    }
    const service = make(this)
    this.#made.set(token, service)
    return service as T
  }

  provide<T>(token: Token<T>, make: (injector: Injector) => T): void {
    this.#makers.set(token, make)
    this.#made.delete(token)
  }

  construct<T>(type: InjectedClass<T>): T {
    const { inject = [] } = type
    if (inject.length < type.length) {
      throw new Error(
        `${type.name} takes ${type.length} arguments, its static list inject names ${inject.length}: name a token for each`,
      )
    }
    return new type(...(inject.map(token => this.resolve(token)) as never[]))
  }

  child(): TestInjector {
    return new MapInjector(this)
  }
}
