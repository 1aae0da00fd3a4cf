import { DefaultReplicationPolicy } from '../../../../../policies/index.ts'

export class LoudPolicy extends DefaultReplicationPolicy {
  override formatRemoteTopic(alias: string, topic: string): string {
    return super.formatRemoteTopic(alias, topic).toUpperCase()
  }
}
