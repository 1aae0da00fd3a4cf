export { createInjector } from './injector.ts'
export { PluginRegistry } from './plugins.ts'
