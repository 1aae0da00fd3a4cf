export * from './api/index.ts'
export type { PollOptions } from './flow/poll-with.ts'
export { pollWith } from './flow/poll-with.ts'
