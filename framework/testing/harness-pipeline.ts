import type { Logger } from '../api/index.ts'
import { openPipeline, type RecordPipeline } from '../transforms/index.ts'
import type { RecordFormat } from './harness-records.ts'
import { testInjector } from './test-injector.ts'
import { type TestPlugin, TestPlugins } from './test-plugins.ts'

export interface HarnessPipelineOptions {
  readonly config: Readonly<Record<string, string>>
  readonly format: RecordFormat
  readonly plugins: Readonly<Record<string, TestPlugin>>
  readonly logger: Logger
}

const STRING = 'org.apache.kafka.connect.storage.StringConverter'

/** As a worker whose keys are text and whose values are of this format, unless the configuration names converters. */
const WORKERS: Readonly<Record<RecordFormat, Readonly<Record<string, string>>>> = {
  text: { 'key.converter': STRING, 'value.converter': STRING },
  json: {
    'key.converter': STRING,
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': 'false',
  },
}

/** The converters and transforms of a task under test. Rejects with ConfigError. */
export function harnessPipeline({ config, format, plugins, logger }: HarnessPipelineOptions): Promise<RecordPipeline> {
  const injector = testInjector({ config, logger })
  return openPipeline({ plugins: new TestPlugins(injector, plugins), injector, logger }, config, WORKERS[format])
}
