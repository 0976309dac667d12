// @ts-check

/** Outlines in a square of 24, drawn with the text's colour. */
const PATHS = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  down: "M12 5v14M6 13l6 6 6-6",
  edit: "M4 20h4L19 9a2.1 2.1 0 0 0-3-3L5 17v3z",
  flag: "M5.5 21V4M5.5 4.5h11l-2 4 2 4h-11",
  image: "M5 4h14a1.5 1.5 0 0 1 1.5 1.5v13A1.5 1.5 0 0 1 19 20H5a1.5 1.5 0 0 1-1.5-1.5v-13A1.5 1.5 0 0 1 5 4zM8.5 10.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM4 17l5-4.5 3.5 3L16 12l4.5 4.5",
  leave: "M14 4h4.5A1.5 1.5 0 0 1 20 5.5v13a1.5 1.5 0 0 1-1.5 1.5H14M10 8l-4 4 4 4M6 12h10",
  lock: "M6.5 11h11A1.5 1.5 0 0 1 19 12.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11zM8 11V8a4 4 0 0 1 8 0v3",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-3.5 2.9-6 6.5-6s6.5 2.5 6.5 6M16 4.3a3.5 3.5 0 0 1 0 6.4M18.5 14.6c1.9.9 3 2.8 3 5.4",
  reply: "M9.5 6L4 11l5.5 5M4 11h9.5a6 6 0 0 1 6 6v1.5",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.5 4.5",
  send: "M12 19V5M5.5 11.5L12 5l6.5 6.5",
  trash: "M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10.2 10.5v6M13.8 10.5v6",
  warning: "M12 4l9 16H3zM12 10v4.5M12 17.3v.01",
  whisper: "M4 5.5A1.5 1.5 0 0 1 5.5 4h13A1.5 1.5 0 0 1 20 5.5v9a1.5 1.5 0 0 1-1.5 1.5H12l-4.5 4v-4h-2A1.5 1.5 0 0 1 4 14.5zM8 8.5h8M8 12h5",
}

const SVG = "http://www.w3.org/2000/svg"

/**
 * A picture beside words that say the same; screen readers skip it.
 * @param {keyof typeof PATHS} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg")
  svg.setAttribute("viewBox", "0 0 24 24")
  svg.setAttribute("class", `icon icon-${name}`)
  svg.setAttribute("aria-hidden", "true")
  const path = document.createElementNS(SVG, "path")
  path.setAttribute("d", PATHS[name])
  svg.append(path)
  return svg
}

/** Puts pictures in where the page says `data-icon`. */
export function placeIcons() {
  for (const place of document.querySelectorAll("[data-icon]")) {
    place.prepend(icon(/** @type {any} */ (/** @type {HTMLElement} */ (place).dataset.icon)))
  }
}
