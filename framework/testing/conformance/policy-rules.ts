import type { Rule } from './conformance-test.ts'

/** What `ReplicationPolicy` (isthmus/policies) promises. */
export const policyRules = {
  undone: {
    name: 'the name of a copy tells its cluster and its topic, hop by hop',
    contract: 'topicSource and upstreamTopic undo formatRemoteTopic, for every topic and cluster, also for copies of copies.',
    remedy: 'look for the mark of a copy where formatRemoteTopic puts it: the last one for a suffix, the first one for a prefix.',
  },
  unique: {
    name: 'no two topics have a copy of the same name',
    contract: 'the copies of different topics, or of one topic of different clusters, have different names.',
    remedy: 'put both the alias and the topic into the name, and something between them that keeps them apart.',
  },
  legal: {
    name: 'copies have names that Kafka takes',
    contract: 'a name is made of letters, digits, dot, hyphen and underscore, 249 characters at most, and is not . or ..',
    remedy: 'use . or - or _ as a mark; no slash, colon, space or @.',
  },
  originals: {
    name: 'a topic that was written here is no copy',
    contract: 'topicSource and upstreamTopic return null for it, originalTopic the topic itself.',
    remedy: 'return null where the mark of a copy is missing, and not undefined, an empty text or the topic.',
  },
  cycles: {
    name: 'nothing is copied back to where it came from, and looking for it ends',
    contract: 'whoever follows topicSource and upstreamTopic finds every cluster that a copy has been on, and an end.',
    remedy: 'shorten the name with each upstreamTopic, and return null at the end.',
  },
  internal: {
    name: 'the topics that a mirror keeps for itself are known as such, and no others',
    contract:
      'isInternalTopic holds for offsetSyncsTopic and checkpointsTopic of any cluster, isCheckpointsTopic for the latter; not for others.',
    remedy: 'derive from BaseReplicationPolicy, and change a name together with the question about it.',
  },
  heartbeats: {
    name: 'heartbeats are known as such, however often they were copied',
    contract: 'isHeartbeatsTopic holds for heartbeatsTopic and all its copies, and for no other topic.',
    remedy: 'compare originalTopic(topic) with heartbeatsTopic().',
  },
  pure: {
    name: 'the same question has the same answer',
    contract:
      'a policy is pure: two instances configured alike agree, also in different processes; properties it does not know are passed over.',
    remedy: 'use nothing but the arguments and what configure was given: no counter, no clock, no random number.',
  },
} as const satisfies Readonly<Record<string, Rule>>
