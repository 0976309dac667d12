// @ts-check
import { announce, h } from "../ui/dom.js"
import { problemText, t } from "../i18n/index.js"
import { RoostError } from "../roost/index.js"

/** @import { Reaction, RoostEvent } from "../roost/types.js" */
/** @import { Room } from "../roost/index.js" */

/** How many people a reaction names. */
const NAMED = 5

/** The emoji under messages: each a button that adds one's own or takes it away. */
export class Reactions {
  #room
  #tell

  /**
   * @param {Room} room
   * @param {(text: string) => void} tell shows what went wrong
   */
  constructor(room, tell) {
    this.#room = room
    this.#tell = tell
  }

  /** What is under a message, or null if nothing is. @param {RoostEvent} event */
  row(event) {
    if (!event.reactions?.length || event.type === "deleted") return null
    const label = t("reaction.label")
    return h("div", { class: "reactions", role: "group", "aria-label": label }, ...event.reactions.map((one) => this.#button(event, one)))
  }

  /** @param {RoostEvent} event @param {Reaction} reaction */
  #button(event, reaction) {
    const { emoji, count, by } = reaction
    const isMine = by.includes(this.#room.you?.id ?? "")
    const who = this.#who(reaction)
    return h(
      "button",
      {
        class: "reaction",
        type: "button",
        "aria-pressed": String(isMine),
        "aria-label": t("reaction.of", { emoji, n: count, who }),
        title: who,
        data: { emoji },
        on: { click: () => this.toggle(event, emoji) },
      },
      h("span", { class: "reaction-emoji", "aria-hidden": "true" }, emoji),
      h("span", { "aria-hidden": "true" }, String(count)),
    )
  }

  /** The names of those who are here, oneself first, and how many others there are. @param {Reaction} reaction */
  #who({ by, count }) {
    const you = this.#room.you?.id
    const names = [...by].sort((a, b) => Number(b === you) - Number(a === you)).flatMap((id) => {
      if (id === you) return [t("message.you")]
      const name = this.#room.members.byID.get(id)?.name
      return name === undefined ? [] : [name]
    })
    return t("reaction.who", { names: names.slice(0, NAMED), others: count - Math.min(names.length, NAMED) })
  }

  /** Adds one's own emoji, or takes it away if it is there. @param {RoostEvent} event @param {string} emoji */
  async toggle(event, emoji) {
    const now = this.#room.messages.get(event.seq) ?? event
    const isThere = now.reactions?.some((one) => one.emoji === emoji && one.by.includes(this.#room.you?.id ?? "")) ?? false
    try {
      await this.#room.react(event.seq, emoji, !isThere)
      announce(t(isThere ? "reaction.removed" : "reaction.added", { emoji }))
    } catch (error) {
      this.#tell(error instanceof RoostError ? problemText(error.problem) : String(error))
    }
  }
}
