// @ts-check
import { h } from "./dom.js"
import { paint } from "./color.js"

/** @param {{ name: string, color: string }} person */
export function nameOf(person) {
  return paint(h("span", { class: "name" }, person.name), person.color)
}

/** A circle with the beginning of the name, for the eye alone. @param {{ name: string, color: string }} person */
export function avatarOf(person) {
  return paint(h("span", { class: "avatar", "aria-hidden": "true" }, initial(person.name)), person.color)
}

const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/** The first character of a name; of a name that the server gave ("Guest 4F2K"), of what tells it from others. @param {string} name */
function initial(name) {
  const own = name.trim().replace(/^Guest (?=\w{4}$)/, "")
  for (const { segment } of segments.segment(own)) return segment.toLocaleUpperCase()
  return "?"
}
