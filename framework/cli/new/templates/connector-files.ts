import type { PackageSpec } from '../template.ts'

/** What runs a connector: the worker's file. */
export const WORKER_PROPERTIES = `# The worker: where Kafka is, how values become bytes, where sources note how far they have got.
config.providers=env
config.providers.env.class=org.apache.kafka.common.config.provider.EnvVarConfigProvider
bootstrap.servers=\${env:KAFKA}

key.converter=org.apache.kafka.connect.storage.StringConverter
value.converter=org.apache.kafka.connect.json.JsonConverter
value.converter.schemas.enable=false

offset.storage.file.filename=offsets.json
`

/** What creates the topic where the brokers do not. */
export const TOPIC_CREATION = `# The topic is created with the defaults of the brokers.
topic.creation.default.partitions=-1
topic.creation.default.replication.factor=-1
`

export const startOf = (first: string, second: string): string => `connect standalone worker.properties ${first} ${second}`

/** The class as a file of the package names it, and as others do. */
export const ownClass = ({ className }: PackageSpec): string => `./dist/src/index.js#${className}Connector`
