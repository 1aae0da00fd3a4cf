import { jaegerProgram } from './build.ts'
import { JaegerToolError } from './errors.ts'

// Before tests, whose time is limited: a first build takes minutes. Without Go they say so themselves and are skipped.
try {
  console.log(await jaegerProgram(line => console.log(line)))
} catch (error) {
  if (!(error instanceof JaegerToolError && error.isGoMissing)) throw error
  console.log(error.message)
}
