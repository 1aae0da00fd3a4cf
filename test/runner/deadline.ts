import { relative } from 'node:path'
import { isMainThread } from 'node:worker_threads'

// Loaded into the process of a test file before the file is. The runner's own limit is one per test: it does not end a process that stays alive
// when its tests are over, or that waits for nothing that comes. Ends by exit, so that clusters are cleared away.

const limitMs = Number(new URL(import.meta.url).searchParams.get('ms'))
if (isMainThread && limitMs > 0) setTimeout(giveUp, limitMs).unref()

function giveUp(): never {
  const file = relative(process.cwd(), process.argv[1] ?? '')
  const open = handles()
  const lines = [...kinds(), ...open.filter(({ is_referenced }) => is_referenced).map(handleLine)]
  console.error(`${file} has not ended within ${limitMs / 1000} s. What keeps it alive:\n  ${lines.join('\n  ')}`)
  for (const { pid } of open) if (pid !== undefined) process.kill(pid, 'SIGKILL')
  process.exit(1)
}

/** Each with its number: `2 Timeout`. */
function kinds(): string[] {
  return [...Map.groupBy(process.getActiveResourcesInfo(), kind => kind)].map(([kind, all]) => `${all.length} ${kind}`)
}

interface Endpoint {
  readonly ip4?: string
  readonly ip6?: string
  readonly port: number
}

interface Handle {
  readonly type: string
  readonly is_active: boolean
  readonly is_referenced: boolean
  readonly pid?: number
  readonly localEndpoint?: Endpoint | null
  readonly remoteEndpoint?: Endpoint | null
}

/** Sockets and children. */
function handles(): readonly Handle[] {
  // Names of hosts would take seconds to look up.
  const report = Object.assign(process.report, { excludeNetwork: true })
  const { libuv } = report.getReport() as { readonly libuv: readonly Handle[] }
  return libuv.filter(({ type, is_active }) => /^(tcp|process)$/.test(type) && is_active)
}

function handleLine({ type, pid, localEndpoint, remoteEndpoint }: Handle): string {
  if (type === 'process') return `child process ${pid}`
  return `tcp ${endpoint(localEndpoint)}${remoteEndpoint ? ` to ${endpoint(remoteEndpoint)}` : ''}`
}

function endpoint(where: Endpoint | null | undefined): string {
  return where ? `${where.ip4 ?? where.ip6}:${where.port}` : '?'
}
