export const HELP = `npm run demo: two Kafka clusters, a mirror between them, and a comparison record by record

  npm run demo                the whole demo; exit code 0 if every record arrived as it was sent
  npm run demo -- --keep      leaves the clusters and the mirror running and says what to try next
  npm run demo -- --jaeger    sends traces to a Jaeger that it starts, and says where to look; leaves all running, as --keep
  npm run demo -- --help

Needs Node with npm, a JDK 17 or newer, and Maven, which fetches Kafka once (about 100 MB). For --jaeger also Go, which
builds Jaeger once; or a collector that runs already, named by OTEL_EXPORTER_OTLP_ENDPOINT.
Exit codes: 0 all equal; 1 a difference or a failure; 130, 143 interrupted.`
