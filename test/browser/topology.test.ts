import assert from 'node:assert/strict'
import { test } from 'node:test'
import { componentsOf } from '../../framework/rest/page/graph.js'
import { layout } from '../../framework/rest/page/topology-layout.js'
import { flow } from './reports.ts'
import { SCENARIOS } from './scenarios.ts'

const WIDTHS = [300, 560, 700, 900, 1_192]

const drawingOf = ({ clusters, flows }: Pick<(typeof SCENARIOS)['hub'], 'clusters' | 'flows'>, width: number) => {
  const aliases = clusters.map(({ alias }) => alias)
  return layout(componentsOf(aliases, flows), width)
}

test('clusters never lie on each other, and all of the drawing is in sight, at every width', () => {
  for (const name of ['healthy', 'troubled', 'large', 'hub', 'chain', 'mesh'] as const) {
    for (const width of WIDTHS) {
      const { nodes, height } = drawingOf(SCENARIOS[name], width)
      for (const [i, a] of nodes.entries()) {
        assert.ok(
          a.x >= 0 && a.x + a.width <= width + 0.5 && a.y >= 0 && a.y + a.height <= height,
          `${name} at ${width}: ${a.id}`,
        )
        for (const b of nodes.slice(i + 1)) {
          const isApart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
          assert.ok(isApart, `${name} at ${width}: ${a.id} lies on ${b.id}`)
        }
      }
    }
  }
})

test('each flow is one arrow from its source to its target', () => {
  for (const name of ['hub', 'chain', 'mesh'] as const) {
    for (const width of WIDTHS) {
      const { nodes, arrows } = drawingOf(SCENARIOS[name], width)
      assert.equal(arrows.length, SCENARIOS[name].flows.length)
      const isAt = (id: string, { x, y }: { readonly x: number; readonly y: number }) =>
        nodes.some(
          node =>
            node.id === id && x > node.x - 16 && x < node.x + node.width + 16 && y > node.y - 16 && y < node.y + node.height + 16,
        )
      for (const arrow of arrows) {
        assert.ok(
          isAt(arrow.flow.source, arrow.from) && isAt(arrow.flow.target, arrow.to),
          `${name} at ${width}: ${arrow.flow.name}`,
        )
      }
    }
  }
})

test('shapes: a pair and a hub, a chain, a ring, and what is not linked', () => {
  const shapes = (...pairs: readonly (readonly [string, string])[]) =>
    componentsOf(
      [],
      pairs.map(([a, b]) => flow(a, b)),
    ).map(({ shape, nodes }) => `${shape} ${nodes.join(' ')}`)
  assert.deepEqual(shapes(['a', 'b'], ['b', 'a']), ['star a b'])
  assert.deepEqual(shapes(['a', 'h'], ['b', 'h'], ['c', 'h']), ['star a h b c'])
  assert.deepEqual(shapes(['b', 'c'], ['a', 'b'], ['c', 'd']), ['chain a b c d'])
  assert.deepEqual(shapes(['a', 'b'], ['b', 'c'], ['c', 'a']), ['mesh a b c'])
  assert.deepEqual(shapes(['a', 'b'], ['c', 'd']), ['star a b', 'star c d'])
  assert.deepEqual(
    componentsOf(['alone'], []).map(({ shape }) => shape),
    ['chain'],
  )
})
