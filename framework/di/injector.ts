import 'reflect-metadata'
import { type DependencyContainer, instanceCachingFactory, container as root } from 'tsyringe'
import type { Injector, Token } from '../api/injection.ts'

/**
 * An injector over a tsyringe container. A host program passes its own, with its own services registered: they win over what a configuration
 * names.
 */
export function createInjector(container: DependencyContainer = root.createChildContainer()): Injector {
  return new TsyringeInjector(container)
}

class TsyringeInjector implements Injector {
  readonly #container: DependencyContainer

  constructor(container: DependencyContainer) {
    this.#container = container
  }

  has<T>(token: Token<T>): boolean {
    return this.#container.isRegistered(token, true)
  }

  resolve<T>(token: Token<T>): T {
    return this.#container.resolve<T>(token)
  }

  provide<T>(token: Token<T>, make: (injector: Injector) => T): void {
    this.#container.register<T>(token, { useFactory: instanceCachingFactory(() => make(this)) })
  }

  construct<T>(type: new () => T): T {
    const { inject } = type as { readonly inject?: readonly Token<unknown>[] }
    if (!Array.isArray(inject)) return this.#container.resolve(type)
    const services = inject.map(token => this.resolve(token))
    return new (type as new (...services: readonly unknown[]) => T)(...services)
  }

  child(): Injector {
    return new TsyringeInjector(this.#container.createChildContainer())
  }
}
