import { relative } from 'node:path'
import { isMainThread } from 'node:worker_threads'

// Loaded into the process of a test file before the file is. The runner's own limit is one per test: it does not end a process that stays alive
// when its tests are over, or that waits for nothing that comes. Ends by exit, so that what waits for it kills clusters and other children.

const limitMs = Number(new URL(import.meta.url).searchParams.get('ms'))
if (isMainThread && limitMs > 0) setTimeout(giveUp, limitMs).unref()

function giveUp(): never {
  const file = relative(process.cwd(), process.argv[1] ?? '')
  console.error(`${file} has not ended within ${limitMs / 1000} s. What keeps it alive:\n${openResources().join('\n')}`)
  process.exit(1)
}

/** Kinds with their number, then sockets and children one by one: `2 Timeout`, `tcp 127.0.0.1:40712 to 127.0.0.1:15021`. */
function openResources(): string[] {
  const kinds = Map.groupBy(process.getActiveResourcesInfo(), kind => kind)
  return [...[...kinds].map(([kind, all]) => `  ${all.length} ${kind}`), ...handles().map(handle => `  ${handleLine(handle)}`)]
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

function handles(): readonly Handle[] {
  // Names of hosts would take seconds to look up.
  const report = Object.assign(process.report, { excludeNetwork: true })
  const { libuv } = report.getReport() as { readonly libuv: readonly Handle[] }
  return libuv.filter(({ type, is_active, is_referenced }) => /^(tcp|process)$/.test(type) && is_active && is_referenced)
}

function handleLine({ type, pid, localEndpoint, remoteEndpoint }: Handle): string {
  if (type === 'process') return `child process ${pid}`
  return `tcp ${endpoint(localEndpoint)}${remoteEndpoint ? ` to ${endpoint(remoteEndpoint)}` : ''}`
}

function endpoint(where: Endpoint | null | undefined): string {
  return where ? `${where.ip4 ?? where.ip6}:${where.port}` : '?'
}
