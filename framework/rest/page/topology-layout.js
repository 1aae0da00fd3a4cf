// Where clusters and arrows are drawn. Pure geometry, in pixels.
/** @import { FlowReport } from '../../api/status-report.ts' */
/** @import { Component, Link } from './graph.js' */

/**
 * @typedef {{ readonly id: string, readonly x: number, readonly y: number, readonly width: number, readonly height: number }} NodeBox
 * @typedef {{ readonly x: number, readonly y: number, readonly anchor: 'start' | 'middle' | 'end', readonly lines: 1 | 2 }} LabelPlace y of the first line's middle
 * @typedef {{ readonly flow: FlowReport, readonly from: Point, readonly to: Point, readonly label: LabelPlace }} Arrow
 * @typedef {{ readonly x: number, readonly y: number }} Point
 * @typedef {{ readonly nodes: NodeBox[], readonly arrows: Arrow[], height: number }} Drawing
 */

export const LINE = 16
/** The width of a letter of a cluster's name, about. */
export const LETTER = 8.2
const NODE_HEIGHT = 52
export const SMALLEST_NODE = 80
const ONE_LINE_FROM = 250
/** Below, clusters are one below the other. */
export const NARROW = 620
/** Between the arrows there and back. */
const APART = 9
const GAP_MAX = 420

/** @param {readonly Component[]} components @param {number} width @returns {Drawing} one below the other */
export function layout(components, width) {
  /** @type {Drawing} */
  const drawing = { nodes: [], arrows: [], height: 0 }
  for (const component of components) draw(drawing, component, width)
  return drawing
}

/** @param {Drawing} drawing @param {Component} component @param {number} width */
function draw(drawing, component, width) {
  if (component.shape === 'star' && (component.nodes.length > 2 || width >= NARROW))
    star(drawing, component.hub, component.links, width)
  else if (component.shape !== 'mesh') chain(drawing, component.nodes, component.links, width)
  else if (component.nodes.length <= 6 && width >= NARROW) ring(drawing, component.nodes, component.links, width)
  else
    for (const link of component.links)
      draw(drawing, { shape: 'star', hub: link.a, nodes: [link.a, link.b], links: [link] }, width)
}

/** Room for the longest name, and for arrows. @param {number} width @param {readonly string[]} names */
function nodeWidth(width, names) {
  const longest = Math.max(...names.map(name => name.length)) * LETTER + 46
  return Math.round(
    Math.min(Math.max(longest, Math.min(150, width * 0.16), SMALLEST_NODE), Math.max(SMALLEST_NODE, width * 0.2), 280),
  )
}

/**
 * The hub is a bar as high as its neighbours beside it, so that arrows are straight and never cross. Two clusters are a small one.
 * @param {Drawing} drawing @param {string} hub @param {readonly Link[]} links @param {number} width
 */
function star(drawing, hub, links, width) {
  const size = nodeWidth(width, [hub, ...links.flatMap(({ a, b }) => [a, b])])
  const isBothSides = links.length > 1 && width >= 900
  const left = isBothSides ? links.filter(link => link.b === hub) : []
  const right = links.filter(link => !left.includes(link))
  if (isBothSides) balance(left, right)
  const columns = isBothSides ? 2 : 1
  const gap = Math.min(GAP_MAX, (width - (columns + 1) * size) / columns)
  const x0 = (width - (columns + 1) * size - columns * gap) / 2
  const lines = gap >= ONE_LINE_FROM ? 1 : 2
  const pitch = 2 * (APART + lines * LINE) + (links.length > 1 ? 22 : 14)
  const height = Math.max(left.length, right.length) * pitch
  const hubX = x0 + (isBothSides ? size + gap : 0)
  const top = drawing.height
  const isPair = links.length === 1
  const hubHeight = isPair ? NODE_HEIGHT : height - 12
  drawing.nodes.push({
    id: hub,
    x: hubX,
    y: top + (height - hubHeight) / 2,
    width: size,
    height: hubHeight,
  })
  for (const [side, sign] of /** @type {const} */ ([
    [left, -1],
    [right, 1],
  ])) {
    for (const [i, link] of side.entries()) {
      const other = link.a === hub ? link.b : link.a
      const y = top + ((height - side.length * pitch) / 2 + (i + 0.5) * pitch)
      const x = sign < 0 ? x0 : hubX + size + gap
      drawing.nodes.push({
        id: other,
        x,
        y: y - NODE_HEIGHT / 2,
        width: size,
        height: NODE_HEIGHT,
      })
      const [x1, x2] = sign < 0 ? [x + size, hubX] : [hubX + size, x]
      level(drawing, link, sign < 0 ? other : hub, x1, x2, y, lines)
    }
  }
  drawing.height = top + height + 8
}

/** @param {Link[]} left @param {Link[]} right */
function balance(left, right) {
  while (left.length > right.length + 1) right.push(/** @type {Link} */ (left.pop()))
  while (right.length > left.length) left.push(/** @type {Link} */ (right.pop()))
}

/** Arrows of a link that lies level: there above, back below. @param {Drawing} drawing @param {Link} link @param {string} leftNode @param {number} x1 @param {number} x2 @param {number} y @param {1 | 2} lines */
function level(drawing, link, leftNode, x1, x2, y, lines) {
  const isOneWay = link.flows.length === 1
  for (const flow of link.flows) {
    const isRightwards = flow.source === leftNode
    const at = y + (isOneWay ? 0 : isRightwards ? -APART : APART)
    const isAbove = isOneWay || isRightwards
    const label = {
      x: (x1 + x2) / 2,
      y: isAbove ? at - lines * LINE + 4 : at + LINE - 4,
      anchor: /** @type {const} */ ('middle'),
      lines,
    }
    const [a, b] = [
      { x: x1 + 3, y: at },
      { x: x2 - 3, y: at },
    ]
    drawing.arrows.push({ flow, from: isRightwards ? a : b, to: isRightwards ? b : a, label })
  }
}

/** Rows that turn at their ends. @param {Drawing} drawing @param {readonly string[]} nodes @param {readonly Link[]} links @param {number} width */
function chain(drawing, nodes, links, width) {
  const size = nodes.length === 1 ? 220 : nodeWidth(width < NARROW ? width * 3 : width, nodes)
  const perRow = width < NARROW ? 1 : Math.min(nodes.length, Math.max(2, Math.floor((width + 190) / (size + 190))))
  const gap = perRow === 1 ? 0 : Math.min(GAP_MAX, (width - perRow * size) / (perRow - 1))
  const x0 = (width - perRow * size - (perRow - 1) * gap) / 2
  const pitch = NODE_HEIGHT + (perRow === 1 ? 70 : 92)
  const top = drawing.height + 22
  const boxes = nodes.map((id, i) => {
    const row = Math.floor(i / perRow)
    const column = row % 2 === 0 ? i % perRow : perRow - 1 - (i % perRow)
    return { id, x: x0 + column * (size + gap), y: top + row * pitch, width: size, height: NODE_HEIGHT }
  })
  drawing.nodes.push(...boxes)
  for (const link of links) {
    const [a, b] = boxes.filter(box => box.id === link.a || box.id === link.b)
    if (a === undefined || b === undefined) continue
    const [first, second] = a.x <= b.x ? [a, b] : [b, a]
    if (a.y === b.y) level(drawing, link, first.id, first.x + size, second.x, a.y + NODE_HEIGHT / 2, gap >= ONE_LINE_FROM ? 1 : 2)
    else upright(drawing, link, a, b, perRow === 1 ? 'both' : a.x + size / 2 > width / 2 ? 'end' : 'start')
  }
  drawing.height = top + Math.ceil(nodes.length / perRow) * pitch - (pitch - NODE_HEIGHT) + 22
}

/** @param {Drawing} drawing @param {Link} link @param {NodeBox} upper @param {NodeBox} lower @param {'both' | 'start' | 'end'} side of the labels */
function upright(drawing, link, upper, lower, side) {
  const x = upper.x + upper.width / 2
  const [y1, y2] = [upper.y + upper.height + 3, lower.y - 3]
  const isOneWay = link.flows.length === 1
  for (const flow of link.flows) {
    const isDown = flow.source === upper.id
    const at = x + (isOneWay ? 0 : isDown ? APART : -APART)
    const isRight = side === 'both' ? isOneWay || isDown : side === 'start'
    const middle = (y1 + y2) / 2 - LINE / 2
    const y = side === 'both' || isOneWay ? middle : middle + (isDown ? -18 : 18)
    const label = {
      x: isRight ? x + APART + 6 : x - APART - 6,
      y,
      anchor: /** @type {'start' | 'end'} */ (isRight ? 'start' : 'end'),
      lines: /** @type {const} */ (2),
    }
    const [a, b] = [
      { x: at, y: y1 },
      { x: at, y: y2 },
    ]
    drawing.arrows.push({ flow, from: isDown ? a : b, to: isDown ? b : a, label })
  }
}

/** @param {Drawing} drawing @param {readonly string[]} nodes @param {readonly Link[]} links @param {number} width */
function ring(drawing, nodes, links, width) {
  const size = nodeWidth(width, nodes)
  const [rx, ry] = [Math.min(width / 2 - size / 2 - 4, 420), 130 + nodes.length * 18]
  const centre = { x: width / 2, y: drawing.height + ry + NODE_HEIGHT / 2 + 8 }
  const turn = nodes.length === 4 ? -Math.PI / 4 : -Math.PI / 2
  const boxes = nodes.map((id, i) => {
    const angle = turn + (i * 2 * Math.PI) / nodes.length
    const middle = { x: centre.x + rx * Math.cos(angle), y: centre.y + ry * Math.sin(angle) }
    return { id, x: middle.x - size / 2, y: middle.y - NODE_HEIGHT / 2, width: size, height: NODE_HEIGHT }
  })
  drawing.nodes.push(...boxes)
  const box = (/** @type {string} */ id) => /** @type {NodeBox} */ (boxes.find(one => one.id === id))
  for (const link of links)
    for (const flow of link.flows) drawing.arrows.push(straight(flow, box(flow.source), box(flow.target), link.flows.length > 1))
  drawing.height = Math.max(...boxes.map(box => box.y)) + NODE_HEIGHT + 46
}

/** From border to border, to its left where there is one back. @param {FlowReport} flow @param {NodeBox} source @param {NodeBox} target @param {boolean} isOneOfTwo @returns {Arrow} */
function straight(flow, source, target, isOneOfTwo) {
  const [a, b] = [middleOf(source), middleOf(target)]
  const length = Math.hypot(b.x - a.x, b.y - a.y)
  const [ux, uy] = [(b.x - a.x) / length, (b.y - a.y) / length]
  const aside = isOneOfTwo ? APART : 0
  const [ox, oy] = [-uy * aside, ux * aside]
  const leave = Math.min(Math.abs(source.width / 2 / (ux || 1e-9)), Math.abs(source.height / 2 / (uy || 1e-9))) + 4
  const arrive = Math.min(Math.abs(target.width / 2 / (ux || 1e-9)), Math.abs(target.height / 2 / (uy || 1e-9))) + 4
  const from = { x: a.x + ux * leave + ox, y: a.y + uy * leave + oy }
  const to = { x: b.x - ux * arrive + ox, y: b.y - uy * arrive + oy }
  // Beside the line, on the side away from the one back; nearer to the source, so that lines that cross keep theirs apart.
  const share = Math.abs(uy) < 0.2 ? 0.5 : 0.4
  const [nx, ny] = isOneOfTwo ? [-uy, ux] : [Math.abs(uy), -Math.abs(ux)]
  const anchor = Math.abs(nx) < 0.3 ? 'middle' : nx > 0 ? 'start' : 'end'
  const label = {
    x: from.x + (to.x - from.x) * share + nx * 9,
    y: from.y + (to.y - from.y) * share + ny * (LINE + 6) - LINE / 2,
    anchor: /** @type {LabelPlace['anchor']} */ (anchor),
    lines: /** @type {const} */ (2),
  }
  return { flow, from, to, label }
}

/** @param {NodeBox} box @returns {Point} */
const middleOf = box => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 })
