// @ts-check
import { announce, byID, h } from "../ui/dom.js"
import { nameOf } from "../ui/people.js"
import { t } from "../i18n/index.js"
import { showProblem } from "./dialog.js"

/** @import { Review } from "../roost/types.js" */
/** @import { Room } from "../roost/index.js" */

/** What waits for this person, who is a moderator: messages, whispers, and people who knock. */
export class Reviews {
  #room
  #place = byID("reviews")
  #list = byID("reviews-list")
  /** Those that have been told to a screen reader. @type {Set<string>} */
  #told = new Set()

  /** @param {Room} room */
  constructor(room) {
    this.#room = room
    room.on("reviews", () => this.#show())
  }

  #show() {
    const reviews = [...this.#room.reviews.values()]
    this.#place.hidden = reviews.length === 0
    byID("reviews-title").textContent = t("reviews.title", { n: reviews.length })
    const focused = document.activeElement?.closest("[data-review]")?.getAttribute("data-review")
    this.#list.replaceChildren(...reviews.map((review) => this.#row(review)))
    if (focused) /** @type {HTMLElement | null} */ (this.#list.querySelector(`[data-review="${CSS.escape(focused)}"] button`))?.focus()
    const news = reviews.filter(({ id }) => !this.#told.has(id))
    this.#told = new Set(reviews.map(({ id }) => id))
    if (news.length) announce(t(kindWords("reviews", news[0]), { name: news[0].from.name }))
  }

  /** @param {Review} review */
  #row(review) {
    const { id, kind, from, text, reason } = review
    const [before, after] = t(kindWords("reviews", review), { name: "\u0000" }).split("\u0000")
    const isKnock = kind === "knock"
    return h(
      "li",
      { class: "review", data: { review: id } },
      h(
        "div",
        { class: "review-words" },
        h("p", {}, before, nameOf(from), after, reason && h("span", { class: "soft" }, ` (${reason})`)),
        text && h("blockquote", { class: "text" }, text),
      ),
      h(
        "div",
        { class: "review-buttons" },
        this.#button("approve", id, t(isKnock ? "reviews.letIn" : "reviews.approve"), from.name),
        this.#button("refuse", id, t(isKnock ? "reviews.turnAway" : "reviews.refuse"), from.name),
      ),
    )
  }

  /** @param {"approve" | "refuse"} type @param {string} id @param {string} text @param {string} name */
  #button(type, id, text, name) {
    const press = () => this.#room.rule(type, { id }).catch(showProblem)
    return h(
      "button",
      { class: type === "approve" ? "button primary" : "button", type: "button", "aria-label": `${text}: ${name}`, on: { click: press } },
      text,
    )
  }
}

/** @param {string} group @param {Review} review @returns {any} */
function kindWords(group, { kind }) {
  return `${group}.${kind}`
}
