// @ts-check
import { dayText } from "../i18n/index.js"
import { dayLine, dayOf, group, message, systemLine, systemText } from "./message.js"

/** @import { RoostEvent } from "../roost/types.js" */
/** @import { MessageParts } from "./message.js" */

/** Milliseconds within which messages of one person belong together. */
const TOGETHER = 5 * 60_000

/**
 * What a page of messages needs to know beside the events.
 * @typedef {MessageParts & { learn: (event: RoostEvent) => void }} Parts `learn` is called with each message before it is shown
 */

/** Puts events into a box one below the other: days, groups of messages, and lines of the room itself. */
export class Page {
  /** The day of the last entry. */
  day = ""
  #box
  #parts
  /** The group that the next message may join. @type {{ bubbles: Element, key: string, at: number } | null} */
  #group = null

  /**
   * @param {HTMLElement} box
   * @param {Parts} parts
   */
  constructor(box, parts) {
    this.#box = box
    this.#parts = parts
  }

  /** @param {RoostEvent} event */
  add(event) {
    if (event.type === "chat" || event.type === "gif" || event.type === "deleted") return this.#addMessage(event)
    const text = systemText(event)
    if (text) this.addElement(systemLine(text, event), event.at)
  }

  /** Something that stands alone. @param {HTMLElement} element @param {number} at */
  addElement(element, at) {
    this.#beginDay(at)
    this.#group = null
    this.#box.append(element)
  }

  /** @param {RoostEvent} event */
  #addMessage(event) {
    const author = event.from
    if (!author) return
    this.#beginDay(event.at)
    const isMine = this.#parts.isMine(author)
    this.#parts.learn(event)
    const key = `${author.id}\n${author.name}\n${author.color}`
    const last = this.#group
    if (!last || last.key !== key || event.at - last.at > TOGETHER) {
      const box = group(author, event.at, isMine)
      this.#box.append(box)
      this.#group = { bubbles: /** @type {Element} */ (box.querySelector(".bubbles")), key, at: event.at }
    }
    this.#group?.bubbles.append(message(event, this.#parts))
    if (this.#group) this.#group.at = event.at
  }

  /** @param {number} at */
  #beginDay(at) {
    const day = dayOf(at)
    if (day === this.day) return
    this.day = day
    this.#group = null
    this.#box.append(dayLine(at, dayText(at)))
  }
}
