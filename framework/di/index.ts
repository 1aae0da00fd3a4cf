export { type Connect, type ConnectOptions, openConnect } from './connect.ts'
export { createInjector } from './injector.ts'
export { PluginRegistry } from './plugins.ts'
