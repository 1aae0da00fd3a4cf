import { InvalidArgumentError } from 'commander'

/** Of a command line: a whole number of 1 or more. */
export const positive = (text: string): number => {
  const value = count(text)
  if (value === 0) throw new InvalidArgumentError('Give a whole number of 1 or more.')
  return value
}

/** A whole number. */
export const count = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number.')
  return Number(text)
}

/** Comma-separated names, in the order in which they are known. */
export const names = <Name extends string>(text: string, known: readonly Name[]): Name[] => {
  const given = new Set(text.split(',').map(name => name.trim()))
  const unknown = [...given].filter(name => !(known as readonly string[]).includes(name))
  if (unknown.length > 0) throw new InvalidArgumentError(`No ${unknown.join(', ')}: choose from ${known.join(', ')}.`)
  return known.filter(name => given.has(name))
}

/** Of a command, none of which may contain a blank. */
export const words = (command: string): readonly string[] => command.split(/\s+/).filter(word => word !== '')
