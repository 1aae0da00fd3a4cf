import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseFlowArgument } from '../../../../../connectors/mirror/failover/flow-argument.ts'
import { ConfigError } from '../../../../../framework/api/index.ts'

const CLUSTERS = ['primary', 'us-east', 'backup']

function problemOf(text: string): string {
  try {
    parseFlowArgument(text, CLUSTERS)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ key, message }) => `${key}: ${message}`).join('\n')
    throw error
  }
  throw new Error(`${text} was taken`)
}

test('a flow is written with an arrow or with a colon, and aliases may have hyphens', () => {
  assert.deepEqual(parseFlowArgument('primary->backup', CLUSTERS), { source: 'primary', target: 'backup' })
  assert.deepEqual(parseFlowArgument('us-east:backup', CLUSTERS), { source: 'us-east', target: 'backup' })
  assert.deepEqual(parseFlowArgument(' us-east -> primary ', CLUSTERS), { source: 'us-east', target: 'primary' })
})

test('what a shell leaves of an unquoted arrow is told to be quoted', () => {
  assert.match(problemOf('primary-'), /^flow: the shell took > for a redirection.*quote the flow, 'A->B', or write A:B$/)
})

test('an unknown cluster is named with the nearest one and all there are', () => {
  assert.match(
    problemOf('primary->bakcup'),
    /names no cluster bakcup \(clusters = primary, us-east, backup\); did you mean backup\?/,
  )
  assert.match(problemOf('primry:backup'), /did you mean primary\?/)
})

test('what is no flow is told what one is', () => {
  for (const text of ['primary', '', '->', 'primary->', 'a->b->c'])
    assert.match(problemOf(text), /must be a flow between two clusters of the file, such as 'primary->us-east'/)
  assert.match(problemOf('backup->backup'), /a cluster is not copied to itself/)
})
