import { createServer } from 'node:net'
import { readStates } from './run-state.ts'

/**
 * Below the ranges from which Linux (32768) and others (49152) take ports for outgoing connections:
 * nobody is given the port of a broker while it is down.
 */
const FIRST = 15_000
const LAST = 32_000

/** Loopback ports that nothing listens on and no cluster of this tool owns. */
export async function freePorts(count: number): Promise<number[]> {
  const taken = new Set(readStates().flatMap(state => state.brokers.flatMap(b => Object.values(b.ports))))
  const ports: number[] = []
  while (ports.length < count) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    if (taken.has(port) || !(await isFree(port))) continue
    taken.add(port)
    ports.push(port)
  }
  return ports
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false)
      else reject(error)
    })
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)))
  })
}
