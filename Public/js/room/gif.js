// @ts-check
import { h } from "../ui/dom.js"
import { t } from "../i18n/index.js"

/** @import { GIF } from "../roost/types.js" */

/** The longest side a picture is shown with, and the shortest it is blown up to, in CSS pixels. */
const LARGEST = 320
const SMALLEST = 96

const calm = matchMedia("(prefers-reduced-motion: reduce)")

/**
 * A GIF that keeps its place before it is loaded. It can be stopped and started; for who prefers less motion it stands still
 * until they press it or point at it.
 * @param {GIF} gif
 * @param {string} alt
 * @param {boolean} [isStill] whether it stands still for everyone until they press it
 */
export function gifPicture(gif, alt, isStill = false) {
  const [width, height] = shownSize(gif)
  const image = h("img", { alt, width, height, loading: "lazy", decoding: "async" })
  if (gif.frames < 2) {
    image.src = gif.url
    return h("span", { class: "gif" }, image)
  }

  const badge = h("span", { class: "gif-badge", "aria-hidden": "true" }, t("gif.badge"))
  const button = h("button", { class: "gif", type: "button" }, image, badge)
  let isPlaying = false
  /** @param {boolean} on */
  const play = (on) => {
    isPlaying = on
    image.src = on ? gif.url : gif.still
    button.classList.toggle("is-playing", on)
    button.setAttribute("aria-label", `${t(on ? "gif.pause" : "gif.play")}: ${alt}`)
  }
  let isByPointing = false
  button.addEventListener("click", () => {
    play(isByPointing || !isPlaying)
    isByPointing = false
  })
  button.addEventListener("pointerenter", ({ pointerType }) => {
    if (!calm.matches || isPlaying || pointerType !== "mouse") return
    isByPointing = true
    play(true)
  })
  button.addEventListener("pointerleave", () => {
    if (isByPointing) play(false)
    isByPointing = false
  })
  play(!calm.matches && !isStill)
  return button
}

/** @param {{ width: number, height: number }} gif @returns {[number, number]} */
function shownSize({ width, height }) {
  const longest = Math.max(width, height, 1)
  const scale = longest > LARGEST ? LARGEST / longest : Math.max(1, SMALLEST / longest)
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))]
}
