// @ts-check
import { h } from "./dom.js"

const ADDRESS = /\bhttps?:\/\/[^\s<>"'“”‘’]+/giu

/**
 * Text with its web addresses as links.
 * @param {string} text
 * @returns {(string | HTMLAnchorElement)[]}
 */
export function linked(text) {
  /** @type {(string | HTMLAnchorElement)[]} */
  const parts = []
  let end = 0
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0])
    if (!URL.canParse(address)) continue
    parts.push(text.slice(end, match.index), link(address))
    end = match.index + address.length
  }
  parts.push(text.slice(end))
  return parts.filter((part) => part !== "")
}

/** Without what belongs to the sentence around it. @param {string} address */
function trimmed(address) {
  const bare = address.replace(/[.,;:!?…。、]+$/u, "")
  return bare.endsWith(")") && !bare.includes("(") ? bare.slice(0, -1) : bare
}

/** @param {string} address */
function link(address) {
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow ugc" }, address)
}
