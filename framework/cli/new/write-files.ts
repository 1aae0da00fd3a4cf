import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Text by path, from the folder of the package. */
export type Files = Readonly<Record<string, string>>

/** Whether files can be put there: nothing is there, or an empty folder. */
export function isFree(folder: string): boolean {
  return !existsSync(folder) || isEmptyFolder(folder)
}

/** Writes all of them or, when something fails, none: they are written beside the folder, which then takes its name. */
export function writeFiles(folder: string, files: Files): void {
  const unfinished = `${folder}.${randomUUID().slice(0, 8)}.unfinished`
  try {
    for (const [path, text] of Object.entries(files)) {
      const file = join(unfinished, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    if (existsSync(folder)) rmdirSync(folder)
    renameSync(unfinished, folder)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    throw error
  }
}

function isEmptyFolder(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false
    throw error
  }
}
