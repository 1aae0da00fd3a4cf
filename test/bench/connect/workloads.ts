type Properties = Readonly<Record<string, string>>

export const CONNECT_WORKLOADS = ['source', 'source-json', 'sink', 'sink-transform'] as const
export type ConnectWorkloadName = (typeof CONNECT_WORKLOADS)[number]

export interface ConnectWorkload {
  readonly name: ConnectWorkloadName
  readonly title: string
  readonly kind: 'source' | 'sink'
  /** Of the worker and of the connector, beyond addresses, names, files and topics. */
  readonly worker: Properties
  readonly connector: Properties
}

/** Of a record's value: one line of JSON. */
export const VALUE_BYTES = 100

const TEXT = 'org.apache.kafka.connect.storage.StringConverter'
const JSON_VALUES = {
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter.schemas.enable': 'false',
}
const SOURCE = { 'connector.class': 'FileStreamSource', 'tasks.max': '1' }
const SINK = { 'connector.class': 'FileStreamSink', 'tasks.max': '1' }

export const connectWorkloads: readonly ConnectWorkload[] = [
  {
    name: 'source',
    title: 'a file of lines → FileStreamSource → StringConverter → topic',
    kind: 'source',
    worker: { 'key.converter': TEXT, 'value.converter': TEXT },
    connector: SOURCE,
  },
  {
    name: 'source-json',
    title: 'a file of lines → FileStreamSource → HoistField$Value → JsonConverter without schemas → topic',
    kind: 'source',
    worker: { 'key.converter': TEXT, ...JSON_VALUES },
    connector: {
      ...SOURCE,
      transforms: 'line',
      'transforms.line.type': 'org.apache.kafka.connect.transforms.HoistField$Value',
      'transforms.line.field': 'line',
    },
  },
  {
    name: 'sink',
    title: 'topic → JsonConverter without schemas → FileStreamSink → file',
    kind: 'sink',
    worker: { 'key.converter': TEXT, ...JSON_VALUES },
    connector: SINK,
  },
  {
    name: 'sink-transform',
    title: 'topic → JsonConverter without schemas → InsertField$Value → FileStreamSink → file',
    kind: 'sink',
    worker: { 'key.converter': TEXT, ...JSON_VALUES },
    connector: {
      ...SINK,
      transforms: 'origin',
      'transforms.origin.type': 'org.apache.kafka.connect.transforms.InsertField$Value',
      'transforms.origin.static.field': 'origin',
      'transforms.origin.static.value': 'bench',
    },
  },
]

const USERS = 1_000
const KINDS = ['purchase', 'delivery', 'complain', 'question']
const FIRST_ID = 100_000_000

/** The nth record: 100 bytes of JSON with a number, a fraction and three texts; all are equally long, whoever prints them. */
export const lineOf = (n: number): string => {
  const user = String(n % USERS).padStart(3, '0')
  const amount = 100 + (n % 900) + 0.25
  const start = `{"id":${FIRST_ID + n},"user":"user-${user}","kind":"${KINDS[n % KINDS.length]}","amount":${amount},"note":"`
  return `${start}${NOTE.slice(0, VALUE_BYTES - start.length - 2)}"}`
}

const NOTE = 'some words that say nothing and fill the record up to its hundred bytes'
