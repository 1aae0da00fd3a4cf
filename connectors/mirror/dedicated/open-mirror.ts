import type { Logger } from '../../../framework/api/index.ts'
import { inComponent } from '../../../framework/telemetry/index.ts'
import { kafkaFlowServices, kafkaHeartbeatServices } from './kafka-flow-services.ts'
import { mirrorConnectors } from './mirror-connectors.ts'
import { MirrorMaker } from './mirror-maker.ts'
import { type MirrorFile, type ReadOptions, readMirrorFile } from './read-mirror-file.ts'

export interface MirrorHost {
  readonly logger: Logger
  /** `my-program/1.0`: tells other members of the group who we are. */
  readonly program: string
}

export interface OpenMirrorOptions extends MirrorHost, Omit<ReadOptions, 'clusters' | 'logger'> {
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
export function mirrorOf({ flows, heartbeatFlows }: MirrorFile, { logger: outer, program }: MirrorHost): MirrorMaker {
  const logger = inComponent(outer, 'isthmus.mirror.flow')
  const ofFlow = <F extends { readonly name: string }>(flow: F) => ({ flow, program, logger: logger.child({ flow: flow.name }) })
  const services = [
    ...flows.map(({ flow, injector, openTransforms }) =>
      kafkaFlowServices({ ...ofFlow(flow), openTransforms }, mirrorConnectors(injector)),
    ),
    ...heartbeatFlows.map(({ flow, injector }) => kafkaHeartbeatServices(ofFlow(flow), mirrorConnectors(injector))),
  ]
  return new MirrorMaker(services, logger)
}
