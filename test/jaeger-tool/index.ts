export { JAEGER_VERSION } from './build.ts'
export { JaegerToolError } from './errors.ts'
export { type Jaeger, type JaegerOptions, startJaeger } from './jaeger.ts'
