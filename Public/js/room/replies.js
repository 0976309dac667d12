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
  /** Quotes by the message that they are of, which may come later or change. @type {Map<number, HTMLElement[]>} */
  #quotes = new Map()

  /**
   * @param {Room} room
   * @param {(seq: number) => void} goTo shows the message
   */
  constructor(room, goTo) {
    this.#goTo = goTo
    room.on("reset", () => {
      this.#known.clear()
      this.#quotes.clear()
    })
  }

  /** The page has got a message, or another form of one. @param {RoostEvent} event */
  learn(event) {
    this.#known.set(event.seq, event)
    const quotes = (this.#quotes.get(event.seq) ?? [])
    for (const quote of quotes) quote.replaceChildren(words(event))
    if (quotes.length) this.#quotes.set(event.seq, quotes)
    else this.#quotes.delete(event.seq)
  }

  /** A line about the message with that number, which leads there. @param {number} seq */
  quote(seq) {
    const event = this.#known.get(seq)
    const inside = event ? words(event) : h("span", { class: "quote-text" }, t("message.quote.unknown"))
    const quote = h("button", { class: "quote", type: "button", on: { click: () => this.#goTo(seq) } }, inside)
    this.#quotes.set(seq, [...(this.#quotes.get(seq) ?? []), quote])
    return quote
  }
}

/** @param {RoostEvent} event a `chat`, a `gif`, or what is left of one */
function words({ type, from, text, caption, spoiler }) {
  const author = from ?? { name: "?", color: "" }
  const own = (text ?? caption ?? "").replace(/\s+/g, " ").trim() || t("gif.alt", { name: author.name })
  const said = type === "deleted" ? t("message.deleted") : spoiler ? t("message.spoiler.short") : own
  const short = said.length > LENGTH ? `${said.slice(0, LENGTH)}…` : said
  const line = [hiddenText(`${t("message.quote")} `), nameOf(author), " ", h("span", { class: "quote-text" }, short)]
  return h("span", { class: "quote-line" }, ...line)
}
