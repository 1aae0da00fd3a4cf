/** What `--help` says of an example: it has no options. */
export const helpOf = (
  name: string,
  title: string,
  what: string,
  clusters: 1 | 2 = 2,
): string => `npm run example -- ${name}: ${title}

${what}

${clusters === 1 ? 'A Kafka cluster is' : 'Two Kafka clusters are'} started on free ports of this machine and deleted at the end. Needs Node with npm, a JDK 17 or newer, and Maven,
which fetches Kafka once (about 100 MB).
Exit codes: 0 what is promised was kept; 1 it was not, or something failed; 130, 143 interrupted.`
