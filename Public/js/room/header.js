// @ts-check
import { byID } from "../ui/dom.js"
import { t } from "../i18n/index.js"

/** @import { Connection, Room } from "../roost/index.js" */
/** @import { Unread } from "./unread.js" */

/** Milliseconds that a lost connection may take to come back before anybody is bothered. */
const QUIET = 1500

/** What the room is called and about, how many are here, and how the connection is. */
export class Header {
  #room
  #roost
  #unread
  #lostAt = 0
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking

  /**
   * @param {Room} room
   * @param {Connection} roost
   * @param {Unread} unread
   */
  constructor(room, roost, unread) {
    this.#room = room
    this.#roost = roost
    this.#unread = unread
    room.on("info", () => this.#showRoom())
    roost.on("state", (state) => {
      if (state === "open") this.#lostAt = 0
      else this.#lostAt ||= Date.now()
      this.#showConnection()
    })
    byID("trouble").querySelector("button")?.addEventListener("click", () => roost.reconnect())
    this.#lostAt = Date.now()
    this.#showConnection()
  }

  #showRoom() {
    const { title, topic, count, max } = /** @type {NonNullable<Room["info"]>} */ (this.#room.info)
    byID("room-title").textContent = title
    byID("room-topic").textContent = topic
    byID("room-topic").title = topic
    byID("room-topic").hidden = !topic
    byID("people-count").textContent = `${count}/${max}`
    byID("people-button").setAttribute("aria-label", t("room.people.open", { count, max }))
    this.#unread.title = `${title} · Roost`
  }

  #showConnection() {
    const { state } = this.#roost
    const place = byID("connection")
    place.dataset.state = state
    place.title = state === "open" ? `${t("connection.open")}, ${this.#transport}` : ""
    byID("connection-text").textContent = this.#shortText()

    const trouble = byID("trouble")
    const isLong = state !== "open" && state !== "closed" && Date.now() - this.#lostAt > QUIET
    trouble.hidden = !isLong
    const words = /** @type {HTMLElement} */ (trouble.querySelector("span"))
    const text = isLong ? `${this.#longText()} ${t("connection.kept")}` : ""
    if (words.textContent !== text) words.textContent = text
    this.#tick(state !== "open" && state !== "closed")
  }

  get #transport() {
    return t(/** @type {any} */ (`connection.by.${this.#roost.transport}`))
  }

  #shortText() {
    switch (this.#roost.state) {
      case "open":
        return this.#transport
      case "connecting":
        return t("connection.connecting")
      case "closed":
        return t("connection.closed")
      default:
        return t("connection.waiting.short")
    }
  }

  #longText() {
    const { state, closing, retryAt } = this.#roost
    if (state === "connecting") return t("connection.connecting")
    if (state === "idle") return t("connection.idle")
    const seconds = Math.max(1, Math.ceil((retryAt - Date.now()) / 1000))
    return t(closing?.code === 4007 ? "connection.restart" : "connection.waiting", { seconds })
  }

  /** Counts the seconds down while there is something to wait for. @param {boolean} on */
  #tick(on) {
    if (on) this.#ticking ??= setInterval(() => this.#showConnection(), 500)
    else {
      clearInterval(this.#ticking)
      this.#ticking = undefined
    }
  }
}
