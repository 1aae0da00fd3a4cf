declare const service: unique symbol

/** Names a service: a plain symbol, so that who asks for one needs no injection library. */
export type Token<T> = symbol & { readonly [service]?: T }

/** What a program is composed of, by token. */
export interface Injector {
  /** Whether somebody provides the service, here or further out. */
  has<T>(token: Token<T>): boolean
  resolve<T>(token: Token<T>): T
  /** `make` is called once, when the service is first asked for. */
  provide<T>(token: Token<T>, make: (injector: Injector) => T): void
  /** A new instance, its constructor's arguments injected: those of its static list of tokens `inject`, or as tsyringe's decorators say. */
  construct<T>(type: new () => T): T
  /** Sees everything provided here; what is provided there stays there. */
  child(): Injector
}
