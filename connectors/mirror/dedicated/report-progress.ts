import type { CommandContext, Following } from '../../../framework/api/command.ts'
import { periodically } from '../../../framework/flow/index.ts'
import type { FlowStatus } from './flow-status.ts'
import type { MirrorMaker } from './mirror-maker.ts'
import { progressLines, summaryOf } from './progress.ts'

/** Shows progress: lines in place on a terminal, else a log line per flow that copies and interval. Its end is a log line with the totals of each. */
export async function reportProgress(maker: MirrorMaker, intervalMs: number, context: CommandContext): Promise<Following> {
  const { terminal, logger } = context
  const shown = terminal.isInteractive ? await follow(maker, context) : summarize(maker, intervalMs, context)
  return {
    close() {
      shown.close()
      for (const flow of maker.status().filter(copies)) {
        const { name, records, bytes } = flow
        const message = `${name}: ${records.toLocaleString('en-US')} records copied, ${(bytes / 1e6).toFixed(1)} MB`
        logger.info({ flow: name, state: flow.state, records, bytes }, message)
      }
    },
  }
}

/** Of the others their changes of state are enough. */
function copies({ role }: FlowStatus): boolean {
  return role === 'copy'
}

function follow(maker: MirrorMaker, { terminal }: CommandContext): Promise<Following> {
  const style: typeof terminal.style = (name, text) => terminal.style(name, text)
  return terminal.follow(() => progressLines(maker.status(), { columns: terminal.columns, style, nowMs: Date.now() }))
}

function summarize(maker: MirrorMaker, everyMs: number, { logger }: CommandContext): Following {
  const report = (error: unknown): void => logger.error({ error }, 'The progress could not be shown')
  const summaries$ = periodically(
    async () => {
      for (const flow of maker.status().filter(copies)) {
        const { fields, message } = summaryOf(flow)
        logger.info(fields, message)
      }
    },
    { everyMs, report },
  )
  const subscription = summaries$.subscribe({ error: report })
  return { close: () => subscription.unsubscribe() }
}
