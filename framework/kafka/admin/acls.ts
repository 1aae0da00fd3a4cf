import { BrokerError } from '../client-errors.ts'
import { type Cluster, check } from '../cluster.ts'
import { createAcls, describeAcls } from '../protocol/acls.ts'
import { ErrorCode } from '../protocol/error-codes.ts'

const TOPIC = 2
const ANY = 1
const LITERAL = 3

export const AclOperation = { ALL: 2, READ: 3, WRITE: 4 } as const
export const AclPermission = { DENY: 2, ALLOW: 3 } as const

/** Who may do what with a topic of exactly this name. `operation` and `permission` as the protocol numbers them. */
export interface TopicAcl {
  readonly topic: string
  readonly principal: string
  readonly host: string
  readonly operation: number
  readonly permission: number
}

/** The literal topic ACLs of a cluster; null = it has no authorizer. */
export const describeTopicAcls = async (cluster: Cluster): Promise<readonly TopicAcl[] | null> => {
  const response = await cluster.request(describeAcls, {
    resourceType: TOPIC,
    resourceName: null,
    patternType: ANY,
    principal: null,
    host: null,
    operation: ANY,
    permission: ANY,
  })
  if (response.errorCode === ErrorCode.SECURITY_DISABLED) return null
  check(response.errorCode, 'describing topic ACLs', 'discovery', response.errorMessage)
  return response.resources
    .filter(({ resourceType, patternType }) => resourceType === TOPIC && patternType === LITERAL)
    .flatMap(({ resourceName, acls }) => acls.map(acl => ({ topic: resourceName, ...acl })))
}

/** Creates the ACLs; those that exist already are left as they are. Returns the refusals. */
export const createTopicAcls = async (cluster: Cluster, acls: readonly TopicAcl[]): Promise<readonly BrokerError[]> => {
  const connection = await cluster.controllerConnection()
  const response = await connection.send(createAcls, {
    creations: acls.map(({ topic, ...acl }) => ({ resourceType: TOPIC, resourceName: topic, patternType: LITERAL, ...acl })),
  })
  return response.results.flatMap(({ errorCode, errorMessage }, i) =>
    errorCode === ErrorCode.NONE
      ? []
      : [new BrokerError(errorCode, `creating an ACL on topic ${acls[i]?.topic}`, 'discovery', errorMessage)],
  )
}
