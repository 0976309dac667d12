// @ts-check
import { h, hiddenText } from "../ui/dom.js"
import { nameOf } from "../ui/people.js"
import { t } from "../i18n/index.js"

/** @import { RoostEvent } from "../roost/types.js" */
/** @import { Room } from "../roost/index.js" */

/** Characters of a message that a quote has at most; the style sheet shows one line of them. */
const LENGTH = 160

/** Quotes of the messages that others answer: above a reply, its beginning, and the way to it. */
export class Replies {
  #goTo
  /** Messages that quotes can be made of. @type {Map<number, RoostEvent>} */
  #known = new Map()
  /** Quotes of messages that have not been seen yet. @type {Map<number, HTMLElement[]>} */
  #unknown = new Map()

  /**
   * @param {Room} room
   * @param {(seq: number) => void} goTo shows the message
   */
  constructor(room, goTo) {
    this.#goTo = goTo
    room.on("reset", () => {
      this.#known.clear()
      this.#unknown.clear()
    })
  }

  /** The page has got a message. @param {RoostEvent} event */
  learn(event) {
    this.#known.set(event.seq, event)
    for (const quote of this.#unknown.get(event.seq) ?? []) quote.replaceChildren(words(event))
    this.#unknown.delete(event.seq)
  }

  /** A line about the message with that number, which leads there. @param {number} seq */
  quote(seq) {
    const event = this.#known.get(seq)
    const inside = event ? words(event) : h("span", { class: "quote-text" }, t("message.quote.unknown"))
    const quote = h("button", { class: "quote", type: "button", on: { click: () => this.#goTo(seq) } }, inside)
    if (!event) this.#unknown.set(seq, [...(this.#unknown.get(seq) ?? []), quote])
    return quote
  }
}

/** @param {RoostEvent} event a `chat` or a `gif` */
function words({ from, text, caption }) {
  const author = from ?? { name: "?", color: "" }
  const said = (text ?? caption ?? "").replace(/\s+/g, " ").trim() || t("gif.alt", { name: author.name })
  const short = said.length > LENGTH ? `${said.slice(0, LENGTH)}…` : said
  const line = [hiddenText(`${t("message.quote")} `), nameOf(author), " ", h("span", { class: "quote-text" }, short)]
  return h("span", { class: "quote-line" }, ...line)
}
