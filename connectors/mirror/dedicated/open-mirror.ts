import type { Logger } from '../../../framework/api/index.ts'
import type { Injector } from '../../../framework/api/injection.ts'
import { MirrorSourceConnector } from '../source/index.ts'
import { CONFIG_PROPERTY_FILTER, REPLICATION_POLICY, TOPIC_FILTER } from '../tokens.ts'
import { kafkaFlowServices } from './kafka-flow-services.ts'
import { MirrorMaker } from './mirror-maker.ts'
import { type MirrorFile, type ReadOptions, readMirrorFile } from './read-mirror-file.ts'

export interface MirrorHost {
  readonly logger: Logger
  /** `my-program/1.0`: tells other members of the group who we are. */
  readonly program: string
}

export interface OpenMirrorOptions extends MirrorHost, Omit<ReadOptions, 'clusters'> {
  /** Only flows to these; all by default. */
  readonly clusters?: readonly string[]
}

/**
 * The mirror of a properties file, to be run within a program: `start` it, look at its `status`, `stop` it at the end.
 * A policy or filter that the injector provides already is used for every flow.
 * @throws ConfigError with all problems of the file at once
 */
export async function openMirror(path: string, options: OpenMirrorOptions): Promise<MirrorMaker> {
  return mirrorOf(await readMirrorFile(path, { clusters: [], ...options }), options)
}

/** Every flow of a file, between its real clusters. */
export function mirrorOf({ flows }: MirrorFile, { logger, program }: MirrorHost): MirrorMaker {
  const services = flows.map(({ flow, injector }) =>
    kafkaFlowServices({
      flow,
      program,
      logger: logger.child({ flow: flow.name }),
      createConnector: () => sourceConnector(injector),
    }),
  )
  return new MirrorMaker(services, logger)
}

function sourceConnector(injector: Injector): MirrorSourceConnector {
  return new MirrorSourceConnector({
    policy: injector.resolve(REPLICATION_POLICY),
    topicFilter: injector.resolve(TOPIC_FILTER),
    configPropertyFilter: injector.resolve(CONFIG_PROPERTY_FILTER),
  })
}
