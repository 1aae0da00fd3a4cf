/** How starts of one kind ended. */
export interface StartupCount {
  succeeded: number
  failed: number
}

/** Starts of connectors and tasks in a worker, those after failures too; live. */
export interface Startups {
  readonly connectors: StartupCount
  readonly tasks: StartupCount
}

export const noStartups = (): Startups => ({
  connectors: { succeeded: 0, failed: 0 },
  tasks: { succeeded: 0, failed: 0 },
})
