// @ts-check
import { byID } from "../ui/dom.js"
import { t } from "../i18n/index.js"

/** @import { Room } from "../roost/index.js" */
/** @import { Log } from "./log.js" */

/** Counts messages that nobody can have seen: in the title of a page in the background, and on a pill while reading back. */
export class Unread {
  #title = "Roost"
  #log
  #count = 0
  #pill = byID("pill")

  /**
   * @param {Room} room
   * @param {Log} log
   */
  constructor(room, log) {
    this.#log = log
    room.on("event", ({ type, from }) => {
      if (room.isLive && (type === "chat" || type === "gif") && from?.id !== room.you?.id) this.#arrived()
    })
    room.on("whisper", ({ from }) => from.id !== room.you?.id && this.#arrived())
    room.on("reset", () => this.#seen())
    document.addEventListener("visibilitychange", () => this.#look())
    log.scroll.onMove(() => this.#look())
    this.#pill.addEventListener("click", () => {
      log.toBottom()
      byID("text").focus()
    })
  }

  /** @param {string} title of the page when nothing is unread */
  set title(title) {
    this.#title = title
    this.#show()
  }

  #arrived() {
    if (this.#isSeen) return
    this.#count += 1
    this.#show()
  }

  get #isSeen() {
    return this.#log.scroll.isAtBottom && document.visibilityState === "visible"
  }

  #look() {
    if (this.#isSeen && this.#count) this.#seen()
    else this.#show()
  }

  #seen() {
    this.#count = 0
    this.#show()
  }

  #show() {
    document.title = this.#count ? t("title.unread", { n: this.#count, title: this.#title }) : this.#title
    this.#pill.hidden = this.#log.scroll.isAtBottom
    const words = /** @type {HTMLElement} */ (this.#pill.querySelector("span"))
    const text = this.#count ? t("log.new", { n: this.#count }) : t("log.bottom")
    if (words.textContent !== text) words.textContent = text
    this.#pill.classList.toggle("primary", this.#count > 0)
  }
}
