import type { Command } from '../../api/command.ts'

const HELP = `
Example of WORKER, worker.properties:
  bootstrap.servers = localhost:9092
  key.converter = StringConverter
  value.converter = JsonConverter
  value.converter.schemas.enable = false
  offset.storage.file.filename = offsets.json

Example of a CONNECTOR, lines.properties (or the same as a JSON object):
  name = lines
  connector.class = FileStreamSource
  file = in.txt
  topic = lines

Examples:
  isthmus connect standalone worker.properties lines.properties orders.json
  isthmus connect standalone worker.properties lines.properties --check
  CONNECT_BOOTSTRAP_SERVERS=broker:9092 isthmus connect standalone worker.properties lines.properties

Files written for Kafka Connect are used as they are. A class of your own is ./module.js, ./module.ts#Class, package or package#Class, found
from the folder of the file that names it. The environment wins over WORKER: CONNECT_VALUE_CONVERTER is value.converter.
`

/** `isthmus connect standalone`. What it does is loaded when it runs. */
export const command: Command = {
  name: 'connect standalone',
  summary: 'run connectors in this process, as files written for Kafka Connect say',
  arguments: [
    { name: 'worker', doc: "a properties file: Kafka's address, converters, where offsets are kept" },
    { name: 'connector', doc: 'properties or JSON files, one for each connector', variadic: true },
  ],
  options: [
    { flags: '--check', doc: 'read all files, tell what is wrong or odd in them and what would run, and end' },
    {
      flags: '--listen <address>',
      doc: 'host:port to serve /metrics, /health and /status at; none = nowhere (default: isthmus.http.listen of the worker)',
    },
    {
      flags: '--summary-interval <seconds>',
      doc: 'of the log line per connector where no terminal shows the progress',
      default: '30',
    },
  ],
  help: HELP,
  exitCodes: ['STOPPED', 'CONFIGURATION', 'UNEXPECTED', 'FAILED'],
  async run(call, context) {
    const { runStandalone } = await import('./run-standalone.ts')
    return runStandalone(call, context)
  },
}
