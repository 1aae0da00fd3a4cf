import { ConnectError } from '../../api/index.ts'
import { BrokerError } from '../client-errors.ts'
import type { GroupMemberOptions } from './state.ts'

type MembershipOptions = Pick<GroupMemberOptions, 'groupId' | 'sessionTimeoutMs'>

/** The error with which a membership ends: what happened, and what to do where that is known. */
export const membershipError = (cause: unknown, options: MembershipOptions): ConnectError => {
  const code = cause instanceof ConnectError ? cause.code : 'GROUP_MEMBER_FAILED'
  const hint = HINTS[code]?.(options)
  const message = `Cannot be a member of group ${options.groupId}: ${(cause as Error).message}${hint === undefined ? '' : `. ${hint}`}`
  return new ConnectError(code, message, { kind: 'fatal', stage: 'group-membership', cause })
}

const HINTS: Readonly<Record<string, (options: MembershipOptions) => string>> = {
  INVALID_SESSION_TIMEOUT: ({ sessionTimeoutMs }) =>
    `Set session.timeout.ms (${sessionTimeoutMs}) between the brokers’ group.min.session.timeout.ms and group.max.session.timeout.ms`,
  INCONSISTENT_GROUP_PROTOCOL: ({ groupId }) =>
    `Group ${groupId} has members of another kind, or with no partition.assignment.strategy in common with this one: choose another group, or stop them`,
  GROUP_AUTHORIZATION_FAILED: ({ groupId }) => `Grant READ on group ${groupId} to this user`,
}

/** Undefined = it is not a broker's answer. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof BrokerError ? error.protocolCode : undefined
}
