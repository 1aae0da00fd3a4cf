import {
  CONFIG,
  type ConfigFindings,
  type ConnectorHost,
  HOST,
  SourceConnector,
  type SourceConnectorContext,
  type SourceTask,
} from '../../../framework/api/index.ts'
import type { Injector, Token } from '../../../framework/api/injection.ts'
import { Findings } from '../../../framework/config/findings.ts'
import { policyAliases } from '../../../policies/index.ts'
import { composeClasses } from '../dedicated/compose-flow.ts'
import { asConfigError } from '../dedicated/config-errors.ts'
import { mirrorConnectors } from '../dedicated/mirror-connectors.ts'
import { FlowObservations } from '../observe/flow-observations.ts'
import { checkProperties, type MirrorKind, prefixes, prefixesOf } from './check-properties.ts'
import { meetClusters } from './meet-clusters.ts'

type Properties = Readonly<Record<string, string>>

export function isHost(given: object): given is ConnectorHost {
  return 'targetCluster' in given
}

/** A connector of the mirror as any Connect worker runs it. Its policy and filters, and the clusters, are those that its own configuration names. */
export abstract class WorkerConnector extends SourceConnector {
  static readonly inject: readonly Token<unknown>[] = [HOST]
  override readonly prefixes: readonly string[]
  readonly #kind: MirrorKind
  readonly #host: ConnectorHost | undefined
  #connector: SourceConnector | undefined

  constructor(kind: MirrorKind, given: ConnectorHost | SourceConnector) {
    super()
    this.#kind = kind
    this.prefixes = isHost(given) ? prefixesOf(given.injector.resolve(CONFIG)) : prefixes
    if (isHost(given)) this.#host = given
    else this.#connector = given
  }

  override async validate(properties: Properties): Promise<ConfigFindings> {
    const findings = new Findings()
    checkProperties(this.#kind, properties, findings)
    const problems = [...findings.problems]
    try {
      if (this.#host !== undefined) await this.#compose(this.#host, properties)
    } catch (error) {
      problems.push(...asConfigError(error).problems)
    }
    return { problems, warnings: findings.warnings }
  }

  /** Both clusters have to answer: what is missing is then told by its key. */
  async start(context: SourceConnectorContext): Promise<void> {
    if (this.#host !== undefined) {
      const { config, logger, signal } = context
      const [injector] = await Promise.all([
        this.#compose(this.#host, config),
        meetClusters(this.#kind, config, this.#host, { logger, signal }),
      ])
      this.#connector = mirrorConnectors(injector)[this.#kind](new FlowObservations())
    }
    await this.#connector?.start(context)
  }

  async taskConfigs(maxTasks: number): Promise<readonly Properties[]> {
    return (await this.#connector?.taskConfigs(maxTasks)) ?? []
  }

  createTask(): SourceTask {
    return this.#connector!.createTask()
  }

  override async stop(): Promise<void> {
    await this.#connector?.stop?.()
  }

  #compose({ injector: outer, plugins }: ConnectorHost, properties: Properties): Promise<Injector> {
    for (const [name, type] of policyAliases) plugins.register(name, type)
    const filters = this.#kind === 'heartbeat' ? 'without' : 'with'
    return composeClasses(properties, { outer, plugins, filters, nameOf: key => key })
  }
}
