// Brings a part of the page in step with a description of it, in place: elements that stay are the same elements, so that focus, scroll
// positions, selections and opened details outlive each report.

/** @typedef {string | number | boolean | undefined | ((event: Event) => void)} Value */
/** @typedef {{ readonly tag: string, readonly key: string | undefined, readonly props: Record<string, Value>, readonly kids: readonly (View | string)[] }} View */
/** @typedef {View | string | number | false | undefined | null} Kid */

const SVG = 'http://www.w3.org/2000/svg'

/** Set once, when the element is made: what the reader changes is the reader's. */
const INITIAL = new Set(['open'])

/** @type {WeakMap<Node, View>} */
const shown = new WeakMap()

/**
 * @param {string} tag
 * @param {Record<string, Value>} props attributes; `key` tells siblings apart; functions listen: `onclick`
 * @param {...(Kid | readonly Kid[])} kids
 * @returns {View}
 */
export function h(tag, props, ...kids) {
  const { key, ...rest } = props
  /** @type {(View | string)[]} */
  const list = []
  for (const kid of kids.flat(1)) {
    if (kid === undefined || kid === null || kid === false || kid === '') continue
    list.push(typeof kid === 'number' ? String(kid) : /** @type {View | string} */ (kid))
  }
  return { tag, key: key === undefined ? undefined : String(key), props: rest, kids: list }
}

/**
 * @param {Element} parent
 * @param {readonly (View | string)[]} kids
 */
export function patch(parent, kids) {
  const stock = stockOf(parent)
  const nodes = kids.map(kid => stock.get(slotOf(kid))?.shift() ?? create(parent, kid))
  for (const rest of stock.values()) for (const node of rest) node.remove()
  let at = parent.firstChild
  for (const [i, kid] of kids.entries()) {
    const node = /** @type {ChildNode} */ (nodes[i])
    if (node === at) at = at.nextSibling
    else place(parent, node, at)
    if (typeof kid !== 'string') update(/** @type {Element} */ (node), kid)
    else if (node.nodeValue !== kid) node.nodeValue = kid
  }
}

/** @param {View | string} kid */
const slotOf = kid => (typeof kid === 'string' ? '#text' : `${kid.tag} ${kid.key ?? ''}`)

/**
 * What is there, by what it can be used for again, in order.
 * @param {Element} parent
 */
function stockOf(parent) {
  /** @type {Map<string, ChildNode[]>} */
  const stock = new Map()
  for (const node of parent.childNodes) {
    const view = shown.get(node)
    const slot = view === undefined ? (node.nodeType === Node.TEXT_NODE ? '#text' : '#other') : slotOf(view)
    const same = stock.get(slot)
    if (same === undefined) stock.set(slot, [node])
    else same.push(node)
  }
  return stock
}

/**
 * @param {Element} parent
 * @param {View | string} kid
 * @returns {ChildNode}
 */
function create(parent, kid) {
  if (typeof kid === 'string') return document.createTextNode(kid)
  const isSvg = kid.tag === 'svg' || (parent.namespaceURI === SVG && parent.tagName !== 'foreignObject')
  const node = isSvg ? document.createElementNS(SVG, kid.tag) : document.createElement(kid.tag)
  for (const name of INITIAL) if (kid.props[name]) node.setAttribute(name, '')
  return node
}

/**
 * Moved without the focus being lost.
 * @param {Element} parent
 * @param {ChildNode} node
 * @param {ChildNode | null} before
 */
function place(parent, node, before) {
  const focused = document.activeElement
  const hadFocus = node.isConnected && node.contains(focused)
  parent.insertBefore(node, before)
  if (hadFocus && focused instanceof HTMLElement && focused !== document.activeElement) focused.focus({ preventScroll: true })
}

/**
 * @param {Element} node
 * @param {View} view
 */
function update(node, view) {
  const before = shown.get(node)?.props ?? {}
  // Before the rest: a select has its value only if it has the option.
  patch(node, view.kids)
  for (const name of Object.keys(before)) if (!(name in view.props)) set(node, name, undefined)
  for (const [name, value] of Object.entries(view.props)) {
    if (value !== before[name] && !INITIAL.has(name)) set(node, name, value)
  }
  shown.set(node, view)
}

/**
 * @param {Element} node
 * @param {string} name
 * @param {Value} value
 */
function set(node, name, value) {
  if (name.startsWith('on')) Object.assign(node, { [name]: value ?? null })
  // By way of the object model: attributes with styles are not allowed to the page.
  else if (name === 'style') /** @type {HTMLElement} */ (node).style.cssText = String(value ?? '')
  else if (name === 'value') /** @type {HTMLSelectElement} */ (node).value = String(value ?? '')
  else if (value === undefined || value === false) node.removeAttribute(name)
  else node.setAttribute(name, value === true ? '' : String(value))
}
