import { spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from '../kafka-tool/cache.ts'
import { JaegerToolError } from './errors.ts'

/** As go.mod in this folder has it. */
export const JAEGER_VERSION = '1.76.0'

const PACKAGE = 'github.com/jaegertracing/jaeger/cmd/jaeger'
const here = fileURLToPath(new URL('./', import.meta.url))
/** Ignored by git; may be deleted at any time. */
const program = fileURLToPath(new URL(`../../.cache/jaeger/jaeger-${JAEGER_VERSION}`, import.meta.url))
/** Of what the compiler said last. */
const SHOWN_CHARACTERS = 2_000

/**
 * The path of the Jaeger program, built from its Go module the first time, which takes minutes.
 * @param report told that it is being built
 * @throws JaegerToolError when Go is missing or cannot build it
 */
export async function jaegerProgram(report: (line: string) => void = () => undefined): Promise<string> {
  mkdirSync(dirname(program), { recursive: true })
  return withLock(join(dirname(program), 'lock'), async () => {
    if (existsSync(program)) return program
    report(`Building Jaeger ${JAEGER_VERSION} from its Go module: some minutes, once …`)
    await build()
    return program
  })
}

/** The program appears under its name only once it is whole. */
function build(): Promise<void> {
  const script = `go build -o "$1.part" ${PACKAGE} && mv "$1.part" "$1"`
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', script, 'sh', program], { cwd: here, stdio: ['ignore', 'ignore', 'pipe'] })
    let output = ''
    child.stderr.on('data', (bytes: Buffer) => {
      output = (output + bytes.toString('utf8')).slice(-SHOWN_CHARACTERS)
    })
    child.once('error', reject)
    child.once('close', code => {
      if (code === 0) resolve()
      else if (code === 127)
        reject(
          new JaegerToolError(
            'Jaeger is built from its Go module, and Go is not installed: install Go, or set OTEL_EXPORTER_OTLP_ENDPOINT to a collector that runs already',
            true,
          ),
        )
      else reject(new JaegerToolError(`Go could not build Jaeger ${JAEGER_VERSION} (exit code ${code}): ${output.trim()}`))
    })
  })
}
