import { ConfigError, type ConfigProblem } from '../api/connect-error.ts'
import type { Converter, ConverterRole, HeaderConverter } from '../api/converter.ts'
import type { PluginContract } from '../api/plugin.ts'
import { loadPlugin, type PluginServices, propertiesBelow } from '../config/load-plugin.ts'
import { RecordConverters } from './record-converters.ts'

type Properties = Readonly<Record<string, string>>

const CONVERTER: PluginContract<Converter> = { what: 'a converter', methods: ['fromConnect', 'toConnect'] }
const HEADER_CONVERTER: PluginContract<HeaderConverter> = {
  what: 'a header converter',
  methods: ['fromConnectHeader', 'toConnectHeader'],
}

/**
 * Makes the converters that `key.converter`, `value.converter` and `header.converter` name, each with the properties below its key. Where the
 * connector names none, the worker's is taken with the worker's properties, never a mixture. `header.converter` is SimpleHeaderConverter by default.
 * @throws ConfigError with every problem of all three
 */
export async function openConverters(
  services: PluginServices,
  connector: Properties,
  worker: Properties = {},
): Promise<RecordConverters> {
  const problems: ConfigProblem[] = []
  const open = <T>(role: ConverterRole, contract: PluginContract<T>, otherwise?: string): Promise<T | undefined> => {
    const key = `${role}.converter`
    const properties = connector[key] === undefined ? worker : connector
    const value = properties[key] ?? otherwise
    if (value === undefined) {
      problems.push({ key, message: `is missing; name a class, e.g. ${EXAMPLE}, here or in the worker's properties` })
      return Promise.resolve(undefined)
    }
    const below = { prefix: `${key}.`, properties: propertiesBelow(properties, `${key}.`), given: { 'converter.type': role } }
    return loadPlugin(services, { key, value }, contract, below, problem => problems.push(problem))
  }
  const key = await open('key', CONVERTER)
  const value = await open('value', CONVERTER)
  const header = await open('header', HEADER_CONVERTER, 'SimpleHeaderConverter')
  if (key === undefined || value === undefined || header === undefined || problems.length > 0) throw new ConfigError(problems)
  return new RecordConverters({ key, value, header })
}

const EXAMPLE = 'org.apache.kafka.connect.json.JsonConverter'
