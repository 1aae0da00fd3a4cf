import type { LineKind } from './lines.ts'

export type Properties = Readonly<Record<string, string>>

/** What a connector is given to do; both workers get the same keys and class names. */
export interface Shape {
  readonly name: string
  readonly title: string
  /** `source`: a file into a topic; `sink`: a topic into a file. */
  readonly direction: 'source' | 'sink'
  readonly lines: LineKind
  /** Of the connector, beside its class, file and topic. */
  readonly properties: Properties
  /** False: only when asked for by name. */
  readonly isUsual: boolean
}

const TEXT = { 'value.converter': 'org.apache.kafka.connect.storage.StringConverter' }
const PLAIN = { 'value.converter': 'org.apache.kafka.connect.json.JsonConverter', 'value.converter.schemas.enable': 'false' }
const ENVELOPE = { 'value.converter': 'org.apache.kafka.connect.json.JsonConverter', 'value.converter.schemas.enable': 'true' }
const HOIST = {
  transforms: 'line',
  'transforms.line.type': 'org.apache.kafka.connect.transforms.HoistField$Value',
  'transforms.line.field': 'line',
}
const INSERT = {
  transforms: 'origin',
  'transforms.origin.type': 'org.apache.kafka.connect.transforms.InsertField$Value',
  'transforms.origin.static.field': 'origin',
  'transforms.origin.static.value': 'bench',
}

export const SHAPES: readonly Shape[] = [
  {
    name: 'source-text',
    title: 'FileStreamSource, StringConverter: the record is the line',
    direction: 'source',
    lines: 'json',
    properties: TEXT,
    isUsual: true,
  },
  {
    name: 'source-json',
    title: 'FileStreamSource, HoistField, JsonConverter: the record is {"line": …}',
    direction: 'source',
    lines: 'json',
    properties: { ...PLAIN, ...HOIST },
    isUsual: true,
  },
  {
    name: 'sink-json',
    title: 'JsonConverter, FileStreamSink: JSON parsed, and written as text',
    direction: 'sink',
    lines: 'json',
    properties: PLAIN,
    isUsual: true,
  },
  {
    name: 'sink-insert',
    title: 'JsonConverter, InsertField, FileStreamSink',
    direction: 'sink',
    lines: 'json',
    properties: { ...PLAIN, ...INSERT },
    isUsual: true,
  },
  {
    name: 'source-envelope',
    title: 'FileStreamSource, HoistField, JsonConverter with schemas: {"schema": …, "payload": {"line": …}}',
    direction: 'source',
    lines: 'json',
    properties: { ...ENVELOPE, ...HOIST },
    isUsual: false,
  },
  {
    name: 'sink-envelope',
    title: 'JsonConverter with schemas, FileStreamSink: 100 bytes of payload in 480 of envelope',
    direction: 'sink',
    lines: 'envelope',
    properties: ENVELOPE,
    isUsual: false,
  },
]

export const connectorProperties = (shape: Shape, name: string, file: string, topic: string): Properties => {
  const { direction, properties } = shape
  const end =
    direction === 'source'
      ? { 'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector', topic }
      : { 'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector', topics: topic }
  return { name, ...end, file, 'tasks.max': '1', ...properties }
}
