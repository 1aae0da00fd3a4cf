import { PrometheusToolError } from './errors.ts'
import { prometheusPrograms } from './programs.ts'

// Before tests, whose time is limited. Where there is none they say so themselves and are skipped.
try {
  const { prometheus, promtool } = await prometheusPrograms(line => console.log(line))
  console.log(`${prometheus}, ${promtool}`)
} catch (error) {
  if (!(error instanceof PrometheusToolError)) throw error
  console.log(error.message)
}
