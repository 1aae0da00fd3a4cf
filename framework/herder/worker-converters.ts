import { ConfigError } from '../api/index.ts'
import type { Reporter } from '../config/findings.ts'
import type { PluginServices } from '../config/load-plugin.ts'
import { openConverters } from '../converters/index.ts'

const STAND_IN = 'org.apache.kafka.connect.converters.ByteArrayConverter'

/** Makes the converters that a worker names once, to see whether they can be. Those that it does not name are its connectors' business. */
export async function checkConverters(
  services: PluginServices,
  worker: Readonly<Record<string, string>>,
  report: Reporter,
): Promise<void> {
  try {
    const converters = await openConverters(services, { 'key.converter': STAND_IN, 'value.converter': STAND_IN, ...worker })
    await converters.close()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const { key, value, message } of error.problems) report.problem(key, value, message)
  }
}
