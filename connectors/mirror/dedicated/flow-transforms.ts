import { ConfigError, type Logger } from '../../../framework/api/index.ts'
import type { PluginServices } from '../../../framework/config/load-plugin.ts'
import { registerConverters } from '../../../framework/converters/index.ts'
import { openPipeline, type RecordPipeline, registerTransforms } from '../../../framework/transforms/index.ts'
import type { MirrorFlow } from '../config/index.ts'
import type { NamesInFile } from '../config/names-in-file.ts'
import { REPLICATION_POLICY } from '../tokens.ts'

/** Makes the transforms of a flow, for one run of a task. */
export type OpenTransforms = (logger: Logger) => Promise<RecordPipeline>

const AS_BYTES = 'org.apache.kafka.connect.converters.ByteArrayConverter'

/**
 * The transforms that a flow's configuration names, with its converters, for bytes unless it says otherwise; undefined where there are none.
 * Heartbeats stay as they are.
 * Made once here, to see whether they can be. @throws ConfigError with every problem
 */
export async function flowTransforms(
  flow: MirrorFlow,
  services: PluginServices,
  names: NamesInFile,
): Promise<OpenTransforms | undefined> {
  if (flow.sourceConfig.transforms.length === 0) return undefined
  registerConverters(services.plugins)
  registerTransforms(services.plugins)
  const worker = {
    'key.converter': AS_BYTES,
    'value.converter': AS_BYTES,
    'header.converter': AS_BYTES,
    ...flow.workerProperties,
  }
  const policy = services.injector.resolve(REPLICATION_POLICY)
  const open: OpenTransforms = logger =>
    openPipeline({ ...services, logger }, flow.connectors.MirrorSourceConnector, worker, topic => policy.isHeartbeatsTopic(topic))
  try {
    const pipeline = await open(services.logger)
    await pipeline.close()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new ConfigError(error.problems.map(problem => ({ ...problem, key: names.connector(problem.key) })))
  }
  return open
}
