// @ts-check

/**
 * Makes an element. Strings among the children become text, never HTML.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [properties] `class`, `data` and `on` (objects), else attributes: true sets an empty one,
 *   false, null and undefined none
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (name === "data") Object.assign(element.dataset, value)
    else if (name === "on") for (const [type, listener] of Object.entries(value)) element.addEventListener(type, /** @type {any} */ (listener))
    else if (value === true) element.setAttribute(name, "")
    else if (value !== false && value != null) element.setAttribute(name, String(value))
  }
  element.append(.../** @type {(Node | string)[]} */ (children.filter((child) => child != null && child !== false)))
  return element
}

/**
 * The element with that id, which the page must have.
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {string} id
 * @returns {Kind}
 */
export function byID(id) {
  const element = document.getElementById(id)
  if (!element) throw new Error(`The page has no element "${id}".`)
  return /** @type {Kind} */ (element)
}

/** Text for screen readers alone. @param {string} text */
export function hiddenText(text) {
  return h("span", { class: "visually-hidden" }, text)
}

const announcer = h("div", { class: "visually-hidden", role: "status" })

/** Has screen readers say something, in a polite moment. @param {string} text */
export function announce(text) {
  if (!announcer.isConnected) document.body.append(announcer)
  announcer.textContent = ""
  // A live region tells changes: it must have been empty before.
  setTimeout(() => (announcer.textContent = text), 50)
}
