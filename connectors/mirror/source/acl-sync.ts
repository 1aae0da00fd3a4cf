import type { Logger } from '../../../framework/api/index.ts'
import type { Seldom } from '../../../framework/flow/index.ts'
import {
  AclOperation,
  AclPermission,
  createTopicAcls,
  describeTopicAcls,
  type TopicAcl,
} from '../../../framework/kafka/admin/acls.ts'
import type { Cluster } from '../../../framework/kafka/cluster.ts'

export interface AclSyncOptions {
  readonly source: Cluster
  readonly target: Cluster
  readonly sourceAlias: string
  readonly logger: Logger
  /** Of what is refused again and again. */
  readonly warnings: Seldom
  shouldReplicate(topic: string): boolean
  remoteName(topic: string): string
}

/** A topic's ACL as its copy gets it: nobody but the mirror writes there, so ALLOW WRITE is left out and ALLOW ALL becomes ALLOW READ. */
export const remoteAcl = (acl: TopicAcl, remoteName: (topic: string) => string): TopicAcl | null => {
  const allowed = acl.permission === AclPermission.ALLOW
  if (allowed && acl.operation === AclOperation.WRITE) return null
  const operation = allowed && acl.operation === AclOperation.ALL ? AclOperation.READ : acl.operation
  return { ...acl, topic: remoteName(acl.topic), operation }
}

/** Gives copies the topic ACLs of their originals, again and again; ACLs taken away at the source stay on the target. */
export class AclSync {
  readonly #options: AclSyncOptions
  #toldOfNone = false

  constructor(options: AclSyncOptions) {
    this.#options = options
  }

  /** Resolves with what was refused. */
  async run(): Promise<readonly string[]> {
    const { source, target, sourceAlias, logger, shouldReplicate, remoteName } = this.#options
    const acls = await describeTopicAcls(source)
    if (acls === null) {
      if (!this.#toldOfNone) {
        logger.info(
          {},
          `cluster ${sourceAlias} has no authorizer, so there are no topic ACLs to copy; sync.topic.acls.enabled = false saves asking`,
        )
      }
      this.#toldOfNone = true
      return []
    }
    const wanted = acls.filter(({ topic }) => shouldReplicate(topic)).flatMap(acl => remoteAcl(acl, remoteName) ?? [])
    if (wanted.length === 0) return []
    const refusals = await createTopicAcls(target, wanted)
    for (const refusal of refusals) logger[this.#options.warnings.level('warn')]({ error: refusal }, refusal.message)
    return refusals.map(({ message }) => message)
  }
}
