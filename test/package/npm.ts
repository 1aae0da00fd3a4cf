import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, dirname, join } from 'node:path'

export const root = new URL('../../', import.meta.url).pathname

export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** With this Node first on the path, as `npm` and `npx` find it. */
export async function run(command: string, args: readonly string[], cwd: string, timeout = 60_000): Promise<Run> {
  // NODE_TEST_CONTEXT is of the runner of this test: a test that is started would report to it.
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env
  const env = { ...inherited, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` }
  const child = spawn(command, args, { cwd, env, timeout, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes.toString()
  })
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString()
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

/** Resolves with standard output; rejects when the exit code is not 0. */
export async function succeed(command: string, args: readonly string[], cwd: string, timeout?: number): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, cwd, timeout)
  assert.equal(code, 0, `${command} ${args.join(' ')}: ${code}\n${stdout}${stderr}`)
  return stdout
}

export interface Packed {
  /** The tarball. */
  readonly path: string
  /** What is in it. */
  readonly files: readonly string[]
}

/** Packs this repository into the folder. The build is there: `npm test` begins with it. */
export async function packPackage(folder: string): Promise<Packed> {
  const packed = await succeed('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root)
  const [{ filename, files }] = parsePack(packed)
  return { path: join(folder, filename), files: files.map(({ path }) => path) }
}

interface PackEntry {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

/** npm's own chatter may come before the JSON; newer versions name the package. */
function parsePack(stdout: string): [PackEntry] {
  const parsed = JSON.parse(stdout.slice(stdout.search(/[[{]/))) as [PackEntry] | Record<string, PackEntry>
  return Array.isArray(parsed) ? parsed : (Object.values(parsed) as [PackEntry])
}
