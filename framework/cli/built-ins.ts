import { extname } from 'node:path'
import type { Command } from '../api/command.ts'

/** Commands by name, and the module that provides each as `command`: from here, without the extension, which is that of this file. */
const commandModules: Readonly<Record<string, string>> = {
  mirror: '../../connectors/mirror/dedicated/command',
  offsets: '../../connectors/mirror/failover/offsets-command',
  failover: '../../connectors/mirror/failover/failover-command',
  failback: '../../connectors/mirror/failover/failback-command',
  status: './status/command',
  connect: './connect/command',
  plugins: './plugins/command',
  new: './new/command',
}

/** The commands that come with the package. */
export function builtInCommands(): Promise<readonly Command[]> {
  const extension = extname(new URL(import.meta.url).pathname)
  return Promise.all(
    Object.values(commandModules).map(async path => {
      const module: { readonly command: Command } = await import(new URL(path + extension, import.meta.url).href)
      return module.command
    }),
  )
}
