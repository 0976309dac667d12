// @ts-check

/** @typedef {[number, number, number]} Triple */

/** @param {string} hex `#rrggbb` @returns {Triple} 0–1 each */
function parse(hex) {
  const value = Number.parseInt(hex.slice(1), 16)
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255]
}

/** @param {Triple} rgb */
function format(rgb) {
  return "#" + rgb.map((part) => Math.round(part * 255).toString(16).padStart(2, "0")).join("")
}

/** Relative luminance (WCAG 2.2). @param {Triple} rgb */
function luminance(rgb) {
  const [r, g, b] = rgb.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Contrast ratio (WCAG 2.2), 1 to 21. @param {string} a @param {string} b */
export function contrast(a, b) {
  const [low, high] = [luminance(parse(a)), luminance(parse(b))].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

/**
 * The colour itself if it can be read on the background, else the nearest darker (on light) or lighter (on dark) one of the
 * same hue that can.
 *
 * @param {string} color `#rrggbb`
 * @param {string} background `#rrggbb`
 * @param {number} [ratio] 4.5 is WCAG's AA for text
 */
export function readableColor(color, background, ratio = 4.5) {
  if (!/^#[0-9a-f]{6}$/i.test(color)) color = "#808080"
  if (contrast(color, background) >= ratio) return color
  const end = luminance(parse(background)) > 0.18 ? 0 : 1
  const from = parse(color)
  // Towards black or white, as little as will do.
  let [near, far] = [0, 1]
  for (let step = 0; step < 12; step += 1) {
    const middle = (near + far) / 2
    if (contrast(mix(from, end, middle), background) >= ratio) far = middle
    else near = middle
  }
  return mix(from, end, far)
}

/** @param {Triple} from @param {0 | 1} end @param {number} share */
function mix(from, end, share) {
  return format(/** @type {Triple} */ (from.map((part) => part + (end - part) * share)))
}

/** @type {Map<string, [string, string]>} */
const known = new Map()
/** @type {[string, string] | undefined} */
let backgrounds

/**
 * Gives an element a person's colour, readable in the light and in the dark: the style sheet uses `--who` of `.who`.
 * @param {HTMLElement} element
 * @param {string} color
 */
export function paint(element, color) {
  const style = getComputedStyle(document.documentElement)
  backgrounds ??= [style.getPropertyValue("--name-on-light").trim(), style.getPropertyValue("--name-on-dark").trim()]
  let pair = known.get(color)
  if (!pair) {
    pair = [readableColor(color, backgrounds[0], 5), readableColor(color, backgrounds[1], 5)]
    known.set(color, pair)
  }
  element.classList.add("who")
  element.style.setProperty("--who-light", pair[0])
  element.style.setProperty("--who-dark", pair[1])
  return element
}
