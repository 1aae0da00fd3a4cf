#!/usr/bin/env node
// Nothing is imported, and only old syntax used, before the version of Node is known to be new enough.
const oldest = [22, 15]
const version = process.versions.node
const parts = version.split('.').map(Number)

if (parts[0]! < oldest[0]! || (parts[0] === oldest[0] && parts[1]! < oldest[1]!)) {
  console.error(`isthmus needs Node ${oldest.join('.')} or later; this is Node ${version} (${process.execPath})`)
  process.exitCode = 1
} else {
  import('./main.ts').then(
    main => main.runProgram(process.argv.slice(2)),
    error => {
      console.error(error)
      process.exitCode = 2
    },
  )
}
