import { DEFAULT_VERSION, type KafkaCluster } from '../../test/kafka-tool/index.ts'
import { CLI } from '../shared/cli.ts'

export const FILE = 'examples/demo/mm2.properties'

/** Commands for another terminal, in the folder of the project. */
export function whatNext(east: KafkaCluster, west: KafkaCluster): string {
  const java = `java -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp '.cache/kafka/${DEFAULT_VERSION}/libs/*'`
  const broker = west.brokers[0]!
  return `
The clusters stay up. What to try next, in another terminal and this folder:

  write a record at the source, and see it arrive
    echo hello | ${java} org.apache.kafka.tools.ConsoleProducer --bootstrap-server ${east.bootstrapServers} --topic clicks
    ${java} org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server ${west.bootstrapServers} --topic east.clicks --property print.headers=true

  create a topic that ${FILE} names, (audit|clicks).*; it is copied within a second
    ${java} org.apache.kafka.tools.TopicCommand --bootstrap-server ${east.bootstrapServers} --create --topic clicks-of-today --partitions 3
    ${java} org.apache.kafka.tools.TopicCommand --bootstrap-server ${west.bootstrapServers} --list

  start a second mirror; it stands by until the first one is gone
    EAST=${east.bootstrapServers} WEST=${west.bootstrapServers} node_modules/.bin/node ${CLI} mirror ${FILE}

  let the target hang for a while, and see the mirror wait and go on
    kill -STOP ${broker.pid}; sleep 20; kill -CONT ${broker.pid}

Ctrl-C ends the mirror and the clusters and deletes their data.
`
}
