// Runs a TypeScript program of this repository with the Node it needs, on a machine that has only some Node and npm:
// installs the dependencies when they are missing or out of date, builds, then hands over. Plain JavaScript for old Nodes.
// usage: node test/bootstrap.mjs PROGRAM.ts [argument ...]
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

const run = (command, args) => {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (error) {
    console.error(`${command} cannot be started: ${error.message}`)
    process.exit(1)
  }
  if (status !== 0) process.exit(status ?? 1)
}

const changed = file => (existsSync(join(root, file)) ? statSync(join(root, file)).mtimeMs : 0)

if (changed('node_modules/.package-lock.json') < changed('package-lock.json')) run(npm, ['ci', '--no-fund', '--no-audit'])
const node = join(root, 'node_modules', '.bin', 'node')
run(node, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json'])
const [program, ...args] = process.argv.slice(2)
const child = spawn(node, [join(root, program), ...args], { cwd: root, stdio: 'inherit' })
// The program decides how it ends; this process stays until it has.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
