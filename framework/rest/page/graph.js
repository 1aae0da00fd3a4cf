// What is linked with what: the shape of a topology decides how it is drawn.
/** @import { FlowReport } from '../../api/status-report.ts' */

/** @typedef {{ readonly a: string, readonly b: string, readonly flows: readonly FlowReport[] }} Link two clusters, and the flows between them */
/**
 * @typedef {{ readonly shape: 'star', readonly nodes: readonly string[], readonly links: readonly Link[], readonly hub: string }
 *   | { readonly shape: 'chain' | 'mesh', readonly nodes: readonly string[], readonly links: readonly Link[] }} Component
 */

/** @param {readonly string[]} aliases @param {readonly FlowReport[]} flows @returns {readonly Component[]} */
export function componentsOf(aliases, flows) {
  const links = linksOf(flows)
  const names = new Set([...aliases, ...flows.flatMap(flow => [flow.source, flow.target])])
  /** @type {Component[]} */
  const components = []
  while (names.size > 0) {
    const nodes = reachable(/** @type {string} */ (names.values().next().value), links)
    for (const node of nodes) names.delete(node)
    components.push(
      shapeOf(
        nodes,
        links.filter(link => nodes.includes(link.a)),
      ),
    )
  }
  return components
}

/** @param {readonly FlowReport[]} flows @returns {readonly Link[]} */
function linksOf(flows) {
  /** @type {Map<string, FlowReport[]>} */
  const byPair = new Map()
  // By name, so that a drawing stays as it is when the order of attention changes.
  for (const flow of flows.toSorted((x, y) => (x.name < y.name ? -1 : 1))) {
    const pair = JSON.stringify([flow.source, flow.target].sort())
    const same = byPair.get(pair)
    if (same === undefined) byPair.set(pair, [flow])
    else same.push(flow)
  }
  return [...byPair.values()].map(between => {
    const first = between.find(flow => flow.role === 'copy') ?? /** @type {FlowReport} */ (between[0])
    return { a: first.source, b: first.target, flows: between }
  })
}

/** @param {string} start @param {readonly Link[]} links */
function reachable(start, links) {
  const nodes = [start]
  for (const node of nodes) {
    for (const next of neighbours(node, links)) if (!nodes.includes(next)) nodes.push(next)
  }
  return nodes
}

/** @param {string} node @param {readonly Link[]} links */
function neighbours(node, links) {
  return links.flatMap(({ a, b }) => (a === node ? [b] : b === node ? [a] : []))
}

/** @param {readonly string[]} nodes @param {readonly Link[]} links @returns {Component} */
function shapeOf(nodes, links) {
  const degree = (/** @type {string} */ node) => neighbours(node, links).length
  const isTree = links.length === nodes.length - 1
  const [hub] = nodes.length === 2 ? [links[0]?.a] : nodes.filter(node => degree(node) === nodes.length - 1)
  if (isTree && hub !== undefined && nodes.length > 1 && nodes.length !== 3) return { shape: 'star', nodes, links, hub }
  if (isTree && nodes.every(node => degree(node) <= 2)) return { shape: 'chain', nodes: alongChain(nodes, links), links }
  return { shape: 'mesh', nodes: nodes.toSorted(), links }
}

/** From the end where records come in. @param {readonly string[]} nodes @param {readonly Link[]} links */
function alongChain(nodes, links) {
  const ends = nodes.filter(node => neighbours(node, links).length <= 1)
  const start = ends.find(end => links.some(link => link.a === end)) ?? nodes[0]
  return reachable(/** @type {string} */ (start), links)
}
